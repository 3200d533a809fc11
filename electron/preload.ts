/**
 * Runs in the window before the page, in a world of its own. Its only job: when the page asks, hand one end of a
 * message channel to the main process and the other to the page. Nothing of Electron reaches the page.
 */
import { ipcRenderer } from 'electron'

/** The little of the page's window that is used here (the rest of this folder runs without one). */
declare const window: {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: { readonly source: unknown; readonly data: unknown }) => void): void
  postMessage(message: string, origin: string, transfer: readonly unknown[]): void
}

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== 'porch:want-port') return
  const { port1, port2 } = new MessageChannel()
  ipcRenderer.postMessage('porch:connect', null, [port1])
  window.postMessage('porch:port', window.location.origin, [port2])
})
