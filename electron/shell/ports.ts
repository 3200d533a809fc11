/**
 * Hands the window's page its connections: message ports over which it speaks with the gate, and with the desktop. Whoever asks is
 * checked each time: only the main frame of our window, showing our page. A page has one connection of each kind at a time; a
 * reload, a crash, or a page that hangs loses the old one. Malformed wishes close what came with them, and nothing else.
 */
import type { BrowserWindow, IpcMain, IpcMainEvent, MessagePortMain } from 'electron'
import type { Peer, Peers } from '../console/peer.ts'
import { START_PAGE } from './page.ts'

/** The preload's two channels. */
export type PortChannel = 'porch:connect' | 'porch:desktop'

/** `peers` is asked for at each connection, as the gate may be another one by now; null: nobody is there, the page tries again. Returns what ends the present connection. */
export function connectPages(ipcMain: IpcMain, channel: PortChannel, windowOf: () => BrowserWindow | null, peers: () => Promise<Peers | null>): () => void {
  let hangUp: (() => void) | null = null
  const watched = new WeakSet<BrowserWindow>()
  ipcMain.on(channel, (event) => {
    const window = windowOf()
    const [port, ...more] = event.ports
    if (port === undefined || more.length > 0 || window === null || !isOwnPage(event, window)) {
      for (const each of event.ports) each.close()
      return
    }
    hangUp?.()
    hangUp = connect(port, peers())
    if (watched.has(window)) return
    watched.add(window)
    // What a page that hangs does not read would pile up here.
    window.webContents.on('unresponsive', () => hangUp?.())
    window.webContents.on('render-process-gone', () => hangUp?.())
  })
  return () => hangUp?.()
}

function connect(port: MessagePortMain, peers: Promise<Peers | null>): () => void {
  let peer: Peer | null = null
  let gone = false
  const end = () => {
    gone = true
    peer?.close()
  }
  const hangUp = () => {
    end()
    port.close()
  }
  // Emitted when the page's end is gone, not for our own close.
  port.on('close', end)
  const send = (message: unknown) => {
    if (!gone) port.postMessage(message)
    return Promise.resolve()
  }
  peers.then((open) => {
    if (gone) return
    if (open === null) return hangUp()
    const opened = open.open({ send, hangUp })
    peer = opened
    port.on('message', (event) => opened.message(event.data))
    port.start()
  }, hangUp)
  return hangUp
}

/** The main frame of our window, showing our page: not a frame inside it, not another page, not another window. */
function isOwnPage(event: IpcMainEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame
  const { webContents } = window
  return frame !== null && event.sender === webContents && frame.parent === null && frame.frameTreeNodeId === webContents.mainFrame.frameTreeNodeId && frame.url.startsWith(START_PAGE)
}
