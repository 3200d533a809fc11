/**
 * Runs in the window before the page, in a world of its own. Its only job: when the page asks, hand one end of a
 * message channel to the main process and the other to the page: one to speak with the gate, one with the desktop.
 * Nothing of Electron reaches the page.
 */
import { ipcRenderer } from 'electron'

/** The little of the page's window that is used here (the rest of this folder runs without one). */
declare const window: {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: { readonly source: unknown; readonly data: unknown }) => void): void
  postMessage(message: string, origin: string, transfer: readonly unknown[]): void
}

const hand = (channel: string, answer: string) => {
  const { port1, port2 } = new MessageChannel()
  ipcRenderer.postMessage(channel, null, [port1])
  window.postMessage(answer, window.location.origin, [port2])
}

window.addEventListener('message', (event) => {
  if (event.source !== window) return
  if (event.data === 'porch:want-port') hand('porch:connect', 'porch:port')
  if (event.data === 'porch:want-desktop') hand('porch:desktop', 'porch:desktop-port')
})
