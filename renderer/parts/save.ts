/** Files that the page hands over to the browser to be saved. */

export function saveText(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: 'text/plain;charset=utf-8' }))
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn or so; a minute is on the safe side.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
