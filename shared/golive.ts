/**
 * Going live: what the wizard asks, and the settings file that its answers make. Pure: the page shows the difference by the
 * same function by which the gate writes. The mode is always `observe`: enforcing is never a step of it.
 */
import { DEFAULT_EXEMPT } from './config.ts'
import { isObject, valueAt, withValue } from './settingsjson.ts'
import type { SettingsJson } from './settingsjson.ts'

/** The wizard's answers, as typed. Empty: not said (yet). */
export interface GoLiveDraft {
  /** "127.0.0.1:2526". */
  readonly backend: string
  /** How the mail server learns the client's address; auto: XCLIENT if it is offered. */
  readonly identity: 'auto' | 'xclient' | 'proxy' | 'none'
  /** One a line, or with commas or spaces between. */
  readonly domains: string
  readonly hostname: string
  /** As `domains`. */
  readonly listen: string
  /** Addresses and networks that are exempt beside the usual ones: the shop's other MX hosts. */
  readonly exempt: string[]
  readonly name: string
  readonly phone: string
  readonly rate: string
  readonly url: string
  readonly adminEmail: string
  readonly rules: 'house' | 'standard' | 'lenient'
}

export const STEPS = ['server', 'name', 'domains', 'listen', 'shop', 'rules', 'summary'] as const
export type GoLiveStep = (typeof STEPS)[number]
/** Steps with something to test. */
export const TESTED_STEPS = ['server', 'name', 'domains', 'listen'] as const satisfies readonly GoLiveStep[]
export type TestedStep = (typeof TESTED_STEPS)[number]

/** One thing that was tried: how it went, in a sentence, and what to do about it (lines to type apart). */
export interface Finding {
  readonly id: string
  readonly state: 'good' | 'note' | 'warning' | 'bad'
  readonly says: string
  readonly todo: string | null
  /** Commands, settings or records to copy. */
  readonly lines: readonly string[]
  /** Nothing was found out: no answer came. */
  readonly unsure?: true
}

export const EMPTY_DRAFT: GoLiveDraft = {
  backend: '', identity: 'auto', domains: '', hostname: '', listen: '0.0.0.0:25\n[::]:25', exempt: [], name: '', phone: '', rate: '', url: '', adminEmail: '', rules: 'house',
}

/** The words of a list that was typed, each once. */
export function listed(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))]
}

/** The answers that a step's test hangs on: another text, an old test. */
export function testedKey(step: TestedStep, draft: GoLiveDraft): string {
  switch (step) {
    case 'server': return JSON.stringify([draft.backend.trim(), draft.identity])
    case 'name': return JSON.stringify([draft.hostname.trim()])
    case 'domains': return JSON.stringify([listed(draft.domains), draft.hostname.trim(), draft.backend.trim()])
    case 'listen': return JSON.stringify([listed(draft.listen)])
  }
}

/** What the file says already, for a gate that was live before or was edited by hand. */
export function draftFrom(input: SettingsJson): GoLiveDraft {
  const text = (key: string) => {
    const value = valueAt(input, key)
    return typeof value === 'string' ? value : ''
  }
  const lines = (key: string) => {
    const value = valueAt(input, key)
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  }
  const identity = text('backendIdentity')
  const rules = text('policy.rules')
  const live = text('backend') !== ''
  return {
    backend: text('backend'),
    identity: identity === 'xclient' || identity === 'proxy' || identity === 'none' ? identity : 'auto',
    domains: lines('domains').join('\n'),
    hostname: text('hostname'),
    // In practice it listens on loopback; going live means the usual port, unless the file was live before.
    listen: live && lines('listen').length > 0 ? lines('listen').join('\n') : EMPTY_DRAFT.listen,
    exempt: lines('policy.exempt').filter((each) => !DEFAULT_EXEMPT.includes(each)),
    name: text('shop.name'), phone: text('shop.phone'), rate: text('shop.rate'), url: text('shop.url'), adminEmail: text('shop.adminEmail'),
    rules: rules === 'standard' || rules === 'lenient' ? rules : 'house',
  }
}

/** The file as the wizard would write it: other keys stay, `rules` and `mode: observe` are written explicitly. */
export function liveInput(input: SettingsJson, draft: GoLiveDraft): SettingsJson {
  const said = (text: string) => (text.trim() === '' ? undefined : text.trim())
  const known = valueAt(input, 'policy.exempt')
  const base = Array.isArray(known) && known.length > 0 ? known.filter((each) => typeof each === 'string') : [...DEFAULT_EXEMPT]
  const own = base.filter((each) => DEFAULT_EXEMPT.includes(each))
  const exempt = draft.exempt.length === 0 && !Array.isArray(known) ? undefined : [...new Set([...own, ...draft.exempt])]
  const values: readonly (readonly [string, unknown])[] = [
    ['hostname', said(draft.hostname)],
    ['listen', listed(draft.listen)],
    ['domains', listed(draft.domains)],
    ['backend', said(draft.backend)],
    ['backendIdentity', draft.identity === 'auto' ? undefined : draft.identity],
    ['policy.rules', draft.rules],
    ['policy.mode', 'observe'],
    ['policy.exempt', exempt],
    ['shop.name', said(draft.name)],
    ['shop.phone', said(draft.phone)],
    ['shop.rate', said(draft.rate)],
    ['shop.url', said(draft.url)],
    ['shop.adminEmail', said(draft.adminEmail)],
  ]
  return values.reduce<SettingsJson>((json, [key, value]) => withValue(json, key, value), isObject(input) ? input : {})
}
