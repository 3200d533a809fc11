import { expect, test } from 'vitest'
import { Html, html } from '../../../shared/notice/html.ts'

test('values become text, never markup', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=\'y\' `z`&amp;'
  const { text } = html`<a href="${hostile}">${hostile}</a>`
  expect(text.match(/[<>]/g)).toHaveLength(4)
  expect(text).not.toMatch(/"[^>]*"[^>]*"[^>]*"/)
  expect(text).toContain('&#60;script&#62;')
})

test('what is invisible is made visible, line ends of our own stay', () => {
  expect(html`<p>${'a\u202eb\u0000c\r'}</p>`.text).toBe('<p>a\\u{202e}b\\x00c\\x0d</p>')
  expect(html`<pre>${'one\ntwo'}</pre>`.text).toBe('<pre>one\ntwo</pre>')
})

test('markup of our own, lists, numbers and nothing', () => {
  expect(html`${new Html('<b>')}${[html`<i>${1}</i>`, html`${'<'}`]}${null}`.text).toBe('<b><i>1</i>&#60;')
})
