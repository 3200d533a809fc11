/**
 * Templates of notices: plain text with named fields, "{client}". The first line is "Subject: …", then an empty line, then the text.
 * "{{" and "}}" are literal braces. A line whose fields are all empty is left out; with it the whole paragraph, if all its fields are empty
 * and it ends with one (a heading over nothing).
 * Pure. Promise: a value never adds a line that is not its own, nor is it read for fields.
 */

/** Values of one line, and values of several: those stand on a line of their own, each line indented as it is. */
export const TEXT_FIELDS = [
  'client', 'ehlo', 'ptr', 'verified', 'sender', 'recipient', 'event', 'time', 'problem', 'reply', 'id', 'help', 'told', 'hostname', 'shop', 'phone', 'rate', 'url', 'admin',
] as const
export const BLOCK_FIELDS = ['transcript', 'lookups', 'remedies', 'log'] as const
export type TextField = (typeof TEXT_FIELDS)[number]
export type BlockField = (typeof BLOCK_FIELDS)[number]

/** Texts are one line each, already safe to show; '' or no lines: there is none. */
export interface FieldValues extends Readonly<Record<TextField, string>>, Readonly<Record<BlockField, readonly string[]>> {}

export interface TemplateProblem {
  /** From 1. */
  readonly line: number
  readonly problem: string
}

type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'field'; readonly name: TextField } | { readonly kind: 'block'; readonly name: BlockField }
type Line = readonly Piece[]

export interface Template {
  readonly subject: Line
  readonly body: readonly Line[]
}

export type ParsedTemplate = { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

export const MAX_TEMPLATE = 20_000
const MAX_LINE = 500
const MAX_SUBJECT = 200
/** Where lines of prose are folded (RFC 5322 §2.1.1 recommends 78). */
const WIDTH = 76

/** All problems, each with its line. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > MAX_TEMPLATE) return { ok: false, problems: [{ line: 1, problem: `longer than ${MAX_TEMPLATE} characters` }] }
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')
  const problems: TemplateProblem[] = []
  const parsed = lines.map((line, index) => parseLine(line, index + 1, problems))
  const [first = ''] = lines
  const subject = /^subject:[ \t]*(.*)$/i.exec(first)
  if (subject === null) problems.push({ line: 1, problem: 'expected the first line to be "Subject: …"' })
  else if ((subject[1] ?? '').trim() === '') problems.push({ line: 1, problem: 'the subject is empty' })
  if (parsed[0]?.some(({ kind }) => kind === 'block') === true) problems.push({ line: 1, problem: 'the subject is one line: it cannot hold a field of several lines' })
  if (lines.length > 1 && lines[1]?.trim() !== '') problems.push({ line: 2, problem: 'expected an empty line after the subject' })
  if (lines.slice(2).every((line) => line.trim() === '')) problems.push({ line: Math.min(3, lines.length), problem: 'the text is empty' })
  if (problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.line - b.line) }
  const head = subject?.[1] ?? ''
  return { ok: true, template: { subject: parseLine(head, 1, []), body: parsed.slice(2) } }
}

function parseLine(line: string, number: number, problems: TemplateProblem[]): Line {
  const told = (problem: string) => void problems.push({ line: number, problem })
  if (line.length > MAX_LINE) told(`longer than ${MAX_LINE} characters`)
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) told('holds a control character')
  const pieces: Piece[] = []
  let text = ''
  const flush = () => {
    if (text !== '') pieces.push({ kind: 'text', text })
    text = ''
  }
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at)
    if ((char === '{' || char === '}') && line.charAt(at + 1) === char) {
      text += char
      at += 1
    } else if (char === '{') {
      const end = line.indexOf('}', at)
      const name = line.slice(at + 1, end === -1 ? undefined : end)
      if (end === -1 || name.includes('{')) {
        told(`"{${name.slice(0, 20)}" has no closing brace; a brace itself is written "{{"`)
        break
      }
      flush()
      const field = fieldOf(name)
      if (field === null) told(`"{${name.slice(0, 40)}}" is no field; known: ${[...TEXT_FIELDS, ...BLOCK_FIELDS].join(', ')}`)
      else pieces.push(field)
      at = end
    } else if (char === '}') told('"}" has no opening brace; a brace itself is written "}}"')
    else text += char === '\t' ? '        ' : char
  }
  flush()
  if (pieces.some(({ kind }) => kind === 'block') && (pieces.filter(({ kind }) => kind !== 'text').length > 1 || pieces.some((piece) => piece.kind === 'text' && piece.text.trim() !== ''))) {
    told('a field of several lines stands alone on its line')
  }
  return pieces
}

function fieldOf(name: string): Piece | null {
  const text = TEXT_FIELDS.find((known) => known === name)
  if (text !== undefined) return { kind: 'field', name: text }
  const block = BLOCK_FIELDS.find((known) => known === name)
  return block === undefined ? null : { kind: 'block', name: block }
}

export interface Rendered {
  readonly subject: string
  /** Lines joined by "\n", without one at the end. */
  readonly body: string
}

export function renderTemplate({ subject, body }: Template, values: FieldValues): Rendered {
  const paragraphs = paragraphsOf(body).flatMap((paragraph) => {
    const fields = paragraph.flatMap((line) => fieldsIn(line))
    const headsNothing = fieldsIn(paragraph.at(-1) ?? []).length > 0 && fields.every((field) => isEmpty(values, field))
    return headsNothing ? [] : [paragraph.flatMap((line) => renderLine(line, values))]
  })
  return {
    subject: subject.map((piece) => textOf(piece, values)).join('').replace(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT),
    body: paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n'),
  }
}

/** Runs of lines between empty ones. */
function paragraphsOf(lines: readonly Line[]): Line[][] {
  const paragraphs: Line[][] = [[]]
  for (const line of lines) {
    if (line.every((piece) => piece.kind === 'text' && piece.text.trim() === '')) paragraphs.push([])
    else paragraphs.at(-1)?.push(line)
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0)
}

function fieldsIn(line: Line): (TextField | BlockField)[] {
  return line.flatMap((piece) => (piece.kind === 'text' ? [] : [piece.name]))
}

function isEmpty(values: FieldValues, field: TextField | BlockField): boolean {
  return values[field].length === 0
}

function renderLine(line: Line, values: FieldValues): string[] {
  const fields = fieldsIn(line)
  if (fields.length > 0 && fields.every((field) => isEmpty(values, field))) return []
  const block = line.find((piece) => piece.kind === 'block')
  if (block !== undefined) {
    const [first] = line
    const indent = first?.kind === 'text' ? first.text : ''
    return values[block.name].map((each) => `${indent}${each}`.trimEnd())
  }
  const text = line.map((piece) => textOf(piece, values)).join('')
  // The signature's delimiter keeps its blank (RFC 3676 §4.3).
  if (text === '-- ') return [text]
  return fields.length === 0 ? [text.trimEnd()] : folded(text.trimEnd())
}

function textOf(piece: Piece, values: FieldValues): string {
  return piece.kind === 'text' ? piece.text : piece.kind === 'field' ? values[piece.name] : ''
}

/** At blanks, each line indented as the first; a word that is too long stays whole. */
function folded(text: string): string[] {
  const indent = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = indent
  for (const word of text.slice(indent.length).split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += line.length === indent.length ? word : ` ${word}`
  }
  return [...lines, line.trimEnd()]
}
