/** The words of notices: golden texts of the three templates, the rules of templates, nslookup's print, and hostile values everywhere. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../../shared/dns/answer.ts'
import type { JournalEntry } from '../../../shared/events.ts'
import { advise } from '../../../shared/notice/advice.ts'
import { zonedTime } from '../../../shared/calendar.ts'
import { noticeFields } from '../../../shared/notice/render.ts'
import type { NoticeContext } from '../../../shared/notice/render.ts'
import { evidenceOf, sentence } from '../../../shared/notice/sentence.ts'
import { BLOCK_FIELDS, parseTemplate, renderTemplate, TEXT_FIELDS } from '../../../shared/notice/template.ts'
import type { FieldValues } from '../../../shared/notice/template.ts'
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from '../../../shared/notice/templates.ts'
import { answers, founding, session, transcript } from './session.ts'

const HOUSE = { rules: 'house', hostname: 'mx.shop.example', domains: ['shop.example'], ourAddresses: [] } as const
const SHOP = { name: 'INTIMIDATOR Hosting', phone: '+1 303 555 0100', rate: '$60 per hour', url: 'https://shop.example/', adminEmail: 'admin@shop.example' }
const mountain = () => -360

const entry: JournalEntry = {
  session: founding,
  evidence: answers('www.americangreetings.com A 216.33.97.70', founding),
  transcript: transcript(`
    g: 220 mx.shop.example ESMTP
    c: EHLO www.americangreetings.com
    g: 250 mx.shop.example
    n: looked up 3 names
    c: MAIL FROM:<cards@americangreetings.com>
    g: 250 2.1.0 Ok
    c: RCPT TO:<joe@shop.example>
    b: 250 secret words of the mail server
    g: 550 5.7.25 216.33.111.150 has no reverse name
    c: QUIT`),
}
function contextOf(changes: Partial<NoticeContext> = {}): NoticeContext {
  const remedies = advise(evidenceOf(founding, entry.evidence), HOUSE, 'americangreetings.com')
  return {
    entry, remedies, problem: sentence(founding, entry.evidence, remedies), shop: SHOP, hostname: 'mx.shop.example', helpLink: 'https://help.shop.example/r/b1x0k3f9',
    told: [{ address: 'abuse@savvis.example', at: Date.UTC(2026, 9, 8, 15) }], offset: mountain, ...changes,
  }
}
function rendered(text: string, values: FieldValues) {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return renderTemplate(parsed.template, values)
}

describe('golden notices', () => {
  test.each(TEMPLATE_KINDS)('%s', async (kind) => {
    const { subject, body } = rendered(DEFAULT_TEMPLATES[kind], noticeFields(contextOf()))
    await expect(`Subject: ${subject}\n\n${body}\n`).toMatchFileSnapshot(`golden/${kind}.txt`)
  })

  test('a shop that tells little of itself, and no help page', async () => {
    const shop = { name: null, phone: null, rate: null, url: null, adminEmail: null }
    const { subject, body } = rendered(DEFAULT_TEMPLATES.isp, noticeFields(contextOf({ shop, helpLink: null, told: [] })))
    await expect(`Subject: ${subject}\n\n${body}\n`).toMatchFileSnapshot('golden/isp-bare.txt')
  })

  test('the mail server’s own words are not told', () => {
    for (const kind of TEMPLATE_KINDS) expect(rendered(DEFAULT_TEMPLATES[kind], noticeFields(contextOf())).body).not.toMatch(/secret words/)
  })
})

describe('times', () => {
  test.each([[-360, 'Thu, 8 Oct 2026 00:03:01 -0600'], [0, 'Thu, 8 Oct 2026 06:03:01 +0000'], [330, 'Thu, 8 Oct 2026 11:33:01 +0530'], [-210, 'Thu, 8 Oct 2026 02:33:01 -0330']])('%i minutes', (offset, expected) => {
    expect(zonedTime(Date.parse(founding.at), () => offset)).toBe(expected)
  })
})

describe('templates', () => {
  const VALUES: FieldValues = { ...(Object.fromEntries(TEXT_FIELDS.map((name) => [name, `<${name}>`])) as Record<(typeof TEXT_FIELDS)[number], string>), transcript: ['a', 'b'], lookups: ['c'], remedies: ['r1', '', 'r2'], log: [], phone: '', rate: '', url: '{client}' }
  const body = (text: string) => rendered(`Subject: x\n\n${text}`, VALUES).body

  test.each<readonly [string, string]>([
    ['plain', 'plain'],
    ['a {client} b {ehlo}', 'a <client> b <ehlo>'],
    ['  {transcript}', '  a\n  b'],
    ['{{client}} }}', '{client} }'],
    ['not twice: {url}', 'not twice: {client}'],
    ['Phone: {phone}', ''],
    ['one\nPhone: {phone} {rate}\ntwo', 'one\ntwo'],
    ['Phone: {phone}, {client}', 'Phone: , <client>'],
    ['Log:\n  {log}\n\nend', 'end'],
    ['Log of {client}:\n  {log}\n\nend', 'Log of <client>:\n\nend'],
    ['a\n\n\n\nb', 'a\n\nb'],
    ['    {remedies}', '    r1\n\n    r2'],
    ['-- \n{shop}', '-- \n<shop>'],
    ['{client} and this is a long line of prose that has to be folded somewhere before it becomes wide', '<client> and this is a long line of prose that has to be folded somewhere\nbefore it becomes wide'],
  ])('%j', (text, expected) => {
    expect(body(`${text}\n\n.`)).toBe(`${expected}${expected === '' ? '' : '\n\n'}.`)
  })

  test.each<readonly [string, readonly (readonly [number, RegExp])[]]>([
    ['', [[1, /expected the first line to be "Subject/], [1, /text is empty/]]],
    ['Subject:\n\nx', [[1, /subject is empty/]]],
    ['Subject: x', [[1, /text is empty/]]],
    ['Subject: x\ny\nz', [[2, /empty line after the subject/]]],
    ['Hello\n\nx', [[1, /first line/]]],
    ['Subject: {transcript}\n\nx', [[1, /stands alone/], [1, /one line: it cannot hold/]]],
    ['Subject: x\n\n{nosuch}', [[3, /"\{nosuch\}" is no field; known: client, ehlo/]]],
    ['Subject: x\n\na\n{client\nb', [[4, /"\{client" has no closing brace/]]],
    ['Subject: x\n\n{cli{ent}', [[3, /no closing brace/]]],
    ['Subject: x\n\na } b', [[3, /no opening brace/]]],
    ['Subject: x\n\n{}', [[3, /"\{\}" is no field/]]],
    ['Subject: x\n\n{constructor} {__proto__}', [[3, /"\{constructor\}" is no field/], [3, /"\{__proto__\}" is no field/]]],
    ['Subject: x\n\nlookups: {lookups}', [[3, /stands alone/]]],
    ['Subject: x\n\na\u0007', [[3, /control character/]]],
    [`Subject: x\n\n${'a'.repeat(501)}`, [[3, /longer than 500/]]],
    [`Subject: x\n\n${'a\n'.repeat(20_000)}`, [[1, /longer than 20000 characters/]]],
  ])('%j is told with its line', (text, expected) => {
    const parsed = parseTemplate(text)
    const problems = parsed.ok ? [] : parsed.problems
    expect(problems.map(({ line }) => line)).toEqual(expected.map(([line]) => line))
    for (const [index, [, pattern]] of expected.entries()) expect(problems[index]?.problem).toMatch(pattern)
  })

  test('any text is either a template or has a problem with a line in it', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('{', '}', '{client}', '{transcript}', '\n', '\n\n', 'Subject: ', '{{', '}}'))
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')), (text) => {
      const parsed = parseTemplate(text)
      if (parsed.ok) renderTemplate(parsed.template, VALUES)
      else for (const { line } of parsed.problems) expect(line).toBeGreaterThan(0)
    }))
  })
})

describe('hostile values', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r\nBcc: x@y.example', 'a\n\nb', '{client}', '\u2028x', '-- \n', '\r\n.\r\n', '\u202eevil', '}{'))

  test('stay within their line, whatever the client, its DNS and the shop’s settings say', () => {
    const template = `Subject: {ehlo} {sender}\n\n${TEXT_FIELDS.filter((name) => name !== 'told').map((name) => `${name}={${name}}`).join('\n\n')}\n\n  {transcript}\n\n  {lookups}\n\n  {remedies}\n\n  {log}`
    fc.assert(fc.property(hostile, hostile, hostile, (one, two, three) => {
      const record = session({ ehlo: one, ptrNames: [two, three], verifiedName: three, sender: two, recipients: [one, three], reply: two })
      const evil: Answer = { question: { name: one, type: 'PTR' }, status: 'found', records: [two, three], chain: [three], ttl: 1, ms: 1, server: '127.0.0.1:53' }
      const values = noticeFields(contextOf({
        entry: { session: record, evidence: [evil], transcript: [{ ms: 0, who: 'client', text: one }, { ms: 1, who: 'gate', text: two }] },
        remedies: [{ title: two, steps: [{ who: 'server', do: 'set-ehlo', name: one, type: '', value: three }] }],
        problem: sentence(record, [evil], []), shop: { name: one, phone: two, rate: three, url: one, adminEmail: two }, helpLink: three,
      }))
      const whole = [...TEXT_FIELDS.map((name) => values[name]), ...BLOCK_FIELDS.flatMap((name) => values[name])]
      expect(whole.filter((value) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(value))).toEqual([])
      const { subject, body } = rendered(template, values)
      expect(subject).not.toMatch(/[\r\n]/)
      // Each paragraph is one of ours: no value opens another.
      for (const paragraph of body.split('\n\n')) expect(paragraph).toMatch(/^(?:[a-z]+=| {2})/)
    }), { numRuns: 300 })
  })
})
