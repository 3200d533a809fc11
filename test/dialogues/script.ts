/**
 * The language of the dialogue scripts. One line, one thing; "#" begins a comment line.
 *   @ settings {json}     what would stand in porch.json         @ dns good|no-ptr|mismatch|nothing|temporary|ehlo-temporary|silent
 *   @ lacks SIZE …        what the backend does not offer         @ ban SCOPE, @ allow SCOPE   before the connection
 *   @ canary red          our own DNS is sick already
 *   @ early               the client does not wait for the banner @ once   not to be repeated octet by octet
 *   c: text     the client says a line (lines in a row go out at once)      c> "json"  octets as they are, no line end
 *   c! fin | reset        the client ends its half, or resets
 *   s: line     the gate says exactly this; "*" stands for anything; "250..." for a whole reply of several lines
 *   s! closed   the gate closes, without a reset
 *   b: asked -> answer    the backend is asked this (in this order) and answers so
 *   b! body "json"        the message taken last ends like this, and is nothing else but trace before it
 *   ! ban SCOPE, ! allow SCOPE, ! disallow SCOPE, ! after SECONDS, ! stop, ! release   something happens meanwhile
 *   ! canary red|green    our own DNS is sick, or well again
 *   ! asked     waits until the backend has been asked all of the script
 *   j: {json}   the session's record holds this
 */
import type { SettingsInput } from '../../shared/config.ts'
import type { BackendLine } from '../fakes/scriptedbackend.ts'
import type { DnsKind } from '../fakes/gate.ts'

export type ScriptStep =
  | { readonly do: 'say'; readonly octets: Buffer }
  | { readonly do: 'hear'; readonly line: string }
  | { readonly do: 'closed' | 'fin' | 'reset' | 'stop' | 'release' | 'asked' }
  | { readonly do: 'ban' | 'allow' | 'disallow'; readonly scope: string }
  | { readonly do: 'canary'; readonly red: boolean }
  | { readonly do: 'after'; readonly seconds: number }
  | { readonly do: 'body'; readonly body: string }
  | { readonly do: 'record'; readonly record: object }

export interface Script {
  readonly settings: SettingsInput
  readonly dns: DnsKind
  readonly canaryRed: boolean
  readonly lacks: readonly string[]
  readonly rules: readonly { readonly kind: 'ban' | 'allow'; readonly scope: string }[]
  readonly early: boolean
  readonly once: boolean
  readonly backend: readonly BackendLine[]
  readonly steps: readonly ScriptStep[]
}

export function parseScript(text: string): Script {
  const script = { settings: {} as SettingsInput, dns: 'good' as DnsKind, lacks: [] as string[], rules: [] as { kind: 'ban' | 'allow'; scope: string }[], early: false, once: false, canaryRed: false }
  const backend: BackendLine[] = []
  const steps: ScriptStep[] = []
  let said: Buffer[] = []
  const flush = () => {
    if (said.length > 0) steps.push({ do: 'say', octets: Buffer.concat(said) })
    said = []
  }
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const mark = line.slice(0, 2)
    const rest = line.slice(2).replace(/^ /, '')
    if (mark === 'c:') {
      said.push(Buffer.from(`${rest}\r\n`))
      continue
    }
    if (mark === 'c>') {
      said.push(Buffer.from(JSON.parse(rest) as string, 'latin1'))
      continue
    }
    if (mark === 'b:') {
      const [asked = '', answer = ''] = rest.split(' -> ')
      backend.push({ asked: asked.trim(), answer: answer.trim() })
      continue
    }
    flush()
    const [word = '', ...words] = rest.trim().split(' ')
    const argument = words.join(' ')
    if (mark === 's:') steps.push({ do: 'hear', line: rest })
    else if (mark === 'j:') steps.push({ do: 'record', record: JSON.parse(rest) as object })
    else if (mark === 'b!') steps.push({ do: 'body', body: JSON.parse(argument) as string })
    else if (mark === '@ ') setUp(script, word, argument)
    else steps.push(happening(word, argument, line))
  }
  flush()
  return { ...script, backend, steps }
}

function setUp(script: { settings: SettingsInput; dns: DnsKind; lacks: string[]; rules: { kind: 'ban' | 'allow'; scope: string }[]; early: boolean; once: boolean; canaryRed: boolean }, word: string, argument: string): void {
  if (word === 'settings') script.settings = JSON.parse(argument) as SettingsInput
  else if (word === 'dns') script.dns = argument as DnsKind
  else if (word === 'canary') script.canaryRed = argument === 'red'
  else if (word === 'lacks') script.lacks = argument.split(' ')
  else if (word === 'ban' || word === 'allow') script.rules.push({ kind: word, scope: argument })
  else if (word === 'early') script.early = true
  else if (word === 'once') script.once = true
  else throw new Error(`unknown set-up: ${word}`)
}

function happening(word: string, argument: string, line: string): ScriptStep {
  switch (word) {
    case 'fin': case 'reset': case 'closed': case 'stop': case 'release': case 'asked':
      return { do: word }
    case 'ban': case 'allow': case 'disallow':
      return { do: word, scope: argument }
    case 'canary':
      return { do: 'canary', red: argument === 'red' }
    case 'after':
      return { do: 'after', seconds: Number(argument) }
    default:
      throw new Error(`unknown line: ${line}`)
  }
}
