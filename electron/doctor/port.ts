/** The gate from outside: does it take connections where it listens, and does it refuse foreign recipients in every form? Nothing is delivered. */
import { controlRecipient, judgeRelay, relayForms } from '../../shared/doctor/relay.ts'
import type { RelayForm, RelayTry } from '../../shared/doctor/relay.ts'
import { checkUp } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import type { Endpoint } from '../../shared/net/parse.ts'
import { becomeStranger, ehlo } from '../golive/server.ts'
import { beginTalk } from '../golive/talk.ts'
import type { OpenLink, Talk } from '../golive/talk.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { recordDialogue } from './record.ts'

const SMTP_PORT = 25

/** Where this machine reaches what listens there. */
export function reachableAt(address: string): Endpoint | null {
  const endpoint = parseEndpoint(address)
  if (endpoint === null) return null
  return { ...endpoint, host: endpoint.host === '0.0.0.0' ? '127.0.0.1' : endpoint.host === '::' ? '::1' : endpoint.host }
}

export async function examinePorts(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  if (deps.gate === null) {
    return [checkUp('port', '', 'unknown', 'No gate is running on this data folder: its ports were not tried.', 'Start it (porch serve), then ask again.', { evidence: settings.listen.map((text) => `listen: ${text}`) })]
  }
  const domain = settings.allDomains.find((each) => !each.startsWith('*.')) ?? null
  const forms = relayForms(domain)
  const asStranger = domain === null ? null : await strangerTries(deps.openLink, settings, domain, forms)
  const addresses = deps.gate.addresses()
  const found = (await Promise.all(addresses.map((address) => examineOne(deps.openLink, address, forms, asStranger)))).flat()
  const endpoints = addresses.flatMap((text) => parseEndpoint(text) ?? [])
  return [...found, ...reach(endpoints)]
}

function reach(endpoints: readonly Endpoint[]): CheckUp[] {
  if (endpoints.some(({ loopback }) => !loopback) && endpoints.every(({ port }) => port !== SMTP_PORT)) {
    return [checkUp('port', 'reach', 'ok', 'The gate does not listen on port 25.', 'Right if a firewall passes port 25 on to it. Mail servers on the Internet deliver to port 25 only.')]
  }
  return endpoints.length > 0 && endpoints.every(({ loopback }) => loopback)
    ? [checkUp('port', 'reach', 'ok', 'Only programs on this machine reach the gate.', 'Right if a firewall passes port 25 on to it. Else let it listen on 0.0.0.0:25.')]
    : []
}

interface Stranger {
  readonly tries: readonly RelayTry[]
  readonly takesAll: boolean
}

async function examineOne(openLink: OpenLink, address: string, forms: readonly RelayForm[], stranger: Stranger | null): Promise<CheckUp[]> {
  const endpoint = reachableAt(address)
  if (endpoint === null) return []
  const { open, lines } = recordDialogue(openLink)
  const evidence = () => ({ evidence: [`connected to ${endpointText(endpoint.host, endpoint.port)}`, ...lines] })
  const opened = await beginTalk(open, endpoint)
  if (opened.kind === 'failed') return [checkUp('port', address, 'bad', `The gate on ${address} ${opened.why}.`, 'Your job: does a firewall of this machine stand in between?', evidence())]
  const { talk } = opened
  try {
    const { banner } = talk
    if (!banner.ok || banner.code >= 400) return [checkUp('port', address, 'bad', `The gate on ${address} ${banner.ok ? `answers ${banner.text}` : banner.why}.`, 'Your job: is there a ban on this machine itself, or is the gate full?', evidence())]
    const tries = typeof (await ehlo(talk, '')) === 'string' ? forms.map((form) => ({ form, code: null })) : await tryForms(talk, forms)
    return [
      checkUp('port', address, 'ok', `The gate takes connections on ${address}: ${banner.text}`, null, { evidence: evidence().evidence.slice(0, 2) }),
      judgeRelay({ where: address, tries, asStranger: stranger?.tries ?? null, takesAll: stranger?.takesAll === true, ...evidence() }),
    ]
  } finally {
    talk.end()
  }
}

/** The forms that end in our own domain, as the mail server hears them from a stranger; null: it cannot be told who asks. */
async function strangerTries(openLink: OpenLink, settings: EffectiveSettings, domain: string, forms: readonly RelayForm[]): Promise<Stranger | null> {
  const endpoint = settings.backend === undefined ? null : parseEndpoint(settings.backend, { names: true })
  if (endpoint === null) return null
  const opened = await beginTalk(openLink, endpoint, { proxy: settings.backendIdentity === 'proxy' })
  if (opened.kind === 'failed') return null
  const { talk } = opened
  try {
    const greeted = await ehlo(talk, settings.hostname)
    if (typeof greeted === 'string') return null
    // Without XCLIENT every client is the gate to it: then what it says to the gate is what strangers hear.
    const told = settings.backendIdentity !== 'none' && settings.backendIdentity !== 'proxy' && greeted.capabilities.xclient.includes('ADDR')
    if (told && !(await becomeStranger(talk, greeted.capabilities))) return null
    const tries = await tryForms(talk, [...forms.filter(({ through }) => through), { name: 'control', recipient: controlRecipient(domain), through: true }])
    const control = tries.find(({ form }) => form.name === 'control')
    return { tries: tries.filter((one) => one !== control), takesAll: control?.code != null && control.code < 400 }
  } finally {
    talk.end()
  }
}

/** A transaction each: some servers take nothing more after a refusal. Ends with the dialogue. */
async function tryForms(talk: Talk, forms: readonly RelayForm[]): Promise<RelayTry[]> {
  const tries: RelayTry[] = []
  let broken = false
  for (const form of forms) {
    const code: number | null = broken ? null : await tryForm(talk, form)
    broken ||= code === null
    tries.push({ form, code })
  }
  return tries
}

async function tryForm(talk: Talk, { recipient }: RelayForm): Promise<number | null> {
  const mail = await talk.say('MAIL FROM:<porch-relay-test@example.com>', 'mail')
  if (!mail.ok) return null
  if (mail.code >= 400) return mail.code
  const rcpt = await talk.say(`RCPT TO:<${recipient}>`, 'rcpt')
  if (!rcpt.ok) return null
  const reset = await talk.say('RSET', 'rset')
  return reset.ok ? rcpt.code : null
}
