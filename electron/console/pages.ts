/** The few plain pages that are not the console itself. They hold no script and nothing that came from outside. */
import { escapeHtml } from '../../shared/notice/html.ts'

export function signInPage(again: boolean): string {
  return page(
    'Porch',
    `<h1>Porch</h1>
<p>This console opens with the address that the gate printed when it started. It ends in <code>/?token=…</code>.</p>
<p>The token is also kept in <code>console.token</code> in Porch’s data folder. Open <code>/?token=</code> followed by it, once; the browser remembers.</p>`,
    // A cookie that is kept to this site does not come along when another site's link led here; asking once more from here brings it.
    again ? '<meta http-equiv="refresh" content="0;url=/">' : '',
  )
}

export function unbuiltPage(): string {
  return page('Porch', '<h1>Porch</h1><p>The gate runs, but its console has not been built. Run <code>npm run build</code>, then start it again.</p>', '')
}

/** In the desktop window, where there is no console to show. */
export function plainPage(text: string): string {
  return page('Porch', `<h1>Porch</h1><p>${escapeHtml(text)}</p>`, '')
}

function page(title: string, body: string, head: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
</head><body><main>${body}</main></body></html>
`
}

