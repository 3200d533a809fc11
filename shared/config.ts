/**
 * The settings file: one schema from which type, defaults, validation, help text and the settings page derive
 * (CONTRACT, porch.json). Every key is optional; unknown keys are errors; every message names the key and what was expected.
 * Values that depend on the machine (hostname, name servers) are missing here and filled in by electron/settingsfile.ts.
 */
import { z } from 'zod'
import { FINDINGS } from './events.ts'
import { leadsTo, sameDoor } from './net/doors.ts'
import { endpointText, parseEndpoint } from './net/parse.ts'
import { baseUrl, choice, cidr, domain, endpoint, filePath, hostname, httpUrl, line, list, mailAddress, replyTexts, section, serverEndpoint, shapeOf, whole } from './settingkinds.ts'
import { foundText, unknownKey } from './settingsmistakes.ts'

export const DEFAULT_EXEMPT = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10']
export const REPLY_FIELDS = ['client', 'ehlo', 'ptr', 'url', 'id'] as const

/** What only the next start applies (with all that is below it); everything else holds from the next connection on. */
export const AT_START = ['listen', 'backend', 'tls', 'console', 'helpPage', 'store'] as const satisfies readonly (keyof Settings)[]

/** The name and the help that the settings page shows. */
const about = (title: string, description: string) => ({ title, description })

const policy = section({
  rules: choice({
    house: 'The shop’s published policy to the letter: an EHLO name that does not lead to the client is refused too. Stricter than RFC 5321 §4.1.4, knowingly: some large providers and many Exchange servers do not comply.',
    standard: 'What suits the open Internet today: a reverse name that leads back, and a qualified EHLO name that is not forged.',
    lenient: 'Only a reverse name is asked for.',
  }).default('house').meta(about('Rules', 'Which findings refuse a client.')),
  mode: choice({
    enforce: 'Clients whose DNS is wrong are refused, and told why.',
    observe: 'Nothing is refused for its DNS; each session shows what would have been. Bans made by hand, limits and relay refusals hold.',
    grace: 'Clients whose DNS is wrong are asked to try again later for some days, and refused after that.',
  }).default('enforce').meta(about('Mode', 'Whether findings refuse, are only shown, or defer at first.')),
  graceDays: whole('days', 1, 365).default(3).meta(about('Grace', 'How long grace mode answers 450 before it refuses, counted for each network from its first refusal.')),
  rejectAt: choice({
    rcpt: 'At the recipient: the log then knows who wrote to whom, and postmaster@ stays reachable.',
    ehlo: 'At the greeting, as in 2002: sender and recipient stay unknown, and postmaster@ cannot be reached either.',
  }).default('rcpt').meta(about('Refuse at', 'At which step of the dialogue a refusal is said.')),
  exempt: list(cidr, 'addresses or networks').optional()
    .meta(about('Exempt networks', 'Clients in these networks are not judged: your own machines, other gates, your other MX hosts. An empty list exempts nobody.')),
  detail: choice({
    full: 'What is wrong, with the address or name: a postmaster can act on it.',
    brief: 'Only that DNS is wrong, and the link to the help page.',
  }).default('full').meta(about('Detail', 'How much a refusal’s text says.')),
  replies: replyTexts(FINDINGS, REPLY_FIELDS).default({}).meta(about('Reply texts', 'Your own words for a refusal, for each finding. Without one, Porch’s own text is used.')),
}).prefault({}).meta(about('Judging', 'What is asked of a client, and what happens if it falls short.'))

const bans = section({
  strikes: whole('strikes', 1, 10_000).default(10).meta(about('Strikes', 'So many sessions refused for their DNS within the time below make an automatic ban. Counted per IPv4 address or IPv6 /64.')),
  windowMinutes: whole('minutes', 1, 10_080).default(60).meta(about('Within', 'The time within which strikes count together.')),
  durationHours: whole('hours', 1, 87_600).default(96).meta(about('First ban', 'How long the first automatic ban lasts; about as long as a sender’s queue keeps trying.')),
  maxDurationHours: whole('hours', 1, 87_600).default(768).meta(about('Longest ban', 'Each repeat doubles the ban, up to this. At least as long as the first ban.')),
  quietDays: whole('days', 1, 3650).default(90).meta(about('Forgiven after', 'After so long without a ban the next one is a first one again.')),
}).prefault({}).meta(about('Automatic bans', 'Hosts that knock again and again with wrong DNS are banned for a while. Bans by hand are on the Rules page.'))

const limits = section({
  connections: whole('connections', 1, 1_000_000).default(2000).meta(about('Connections', 'Open at once, from everybody. More are asked to come back later (421).')),
  perClient: whole('connections', 1, 1_000_000).default(50).meta(about('Connections per client', 'Open at once from one IPv4 address or IPv6 /64. Whitelisted clients are not limited by it.')),
  messageBytes: whole('octets', 1024, 2_147_483_647).default(52_428_800).meta(about('Message size', 'Larger messages are refused (552). If the mail server takes less, its own limit is announced.')),
  recipients: whole('recipients', 1, 100_000).default(100).meta(about('Recipients', 'Of one message. More are asked to be sent separately (452), which senders do by themselves.')),
  messages: whole('messages', 1, 1_000_000).default(100).meta(about('Messages', 'In one connection. Then it is closed (421), and the sender opens a new one.')),
  errors: whole('errors', 1, 10_000).default(10).meta(about('Errors', 'In one connection, refused recipients not counted. Then it is closed (421).')),
}).prefault({}).meta(about('Limits', 'What one client, and all of them together, may take.'))

const notices = section({
  smtp: serverEndpoint.optional().meta(about('Submission server', 'Where notices are handed in. Nothing is sent without it.')),
  user: line('a user name').optional().meta(about('User', 'The name to sign in with, if the submission server asks for one.')),
  passwordFile: filePath.optional().meta(about('Password file', 'A file that holds the password, readable by the gate only (mode 0600). Not set: the password that you set here, sealed by the desktop’s keyring, or where there is none in a file of the data folder. It never stands in the settings, is never shown, and is in no backup.')),
  from: mailAddress.optional().meta(about('From', 'The address that notices come from. Nothing is sent without it.')),
  perContactDays: whole('days', 0, 365).default(7).meta(about('Per contact', 'At most one notice to the same contact in so many days.')),
  perDay: whole('notices', 0, 10_000).default(20).meta(about('Per day', 'At most so many notices a day.')),
  rdap: httpUrl.optional().meta(about('Registry service', 'Where the IANA bootstrap files ipv4.json, ipv6.json and dns.json are served, to look up the contacts of a network (RDAP).')),
}).optional().meta(about('Notices', 'How the ISP of a refused sender is told what to repair.'))

const shop = section({
  name: line('a name').optional().meta(about('Name', 'Of your shop, under notices and on the help page.')),
  phone: line('a telephone number').optional().meta(about('Telephone', 'Whom a refused sender may call.')),
  rate: line('a rate, such as "$60 per hour"').optional().meta(about('Rate', 'What help with DNS costs, such as “$60 per hour”.')),
  url: httpUrl.optional().meta(about('Web address', 'Of your shop.')),
  adminEmail: mailAddress.optional().meta(about('Admin’s mail address', 'Where red alarms and a digest each morning at seven are mailed to. Needs the submission server and the From address of the notices.')),
}).prefault({}).meta(about('Your shop', 'What senders are told about you.'))

export const settingsSchema = section({
  hostname: hostname.optional().meta(about('Host name', 'The name this gate greets with; should be the one that your MX record and your reverse name say. The system’s if not set.')),
  listen: list(endpoint, 'addresses with port', 'address with port').optional()
    .meta(about('Listening addresses', 'Where clients connect. Without a mail server behind it, only loopback is allowed.')),
  domains: list(domain, 'domains').default([]).meta(about('Served domains', 'The domains this shop receives mail for; “*.shop.example” for all names below. Mail for any other is refused: the gate is never a relay. Practice mode takes all if none is named.')),
  domainsFile: filePath.optional().meta(about('File of domains', 'A file with more served domains, one a line. It is read again when it changes.')),
  backend: serverEndpoint.optional().meta(about('Mail server', 'The server behind this gate. Without one the gate is in practice mode: nothing leaves this machine.')),
  backendIdentity: choice({
    xclient: 'By XCLIENT (Postfix). If the server does not offer it, mail waits (451) and you are alarmed.',
    proxy: 'By a PROXY header at the start of the connection. The server must expect it.',
    none: 'Not at all: the server sees this gate’s address as the client, and must not trust it.',
  }).optional().meta(about('Client’s identity', 'How the mail server learns the client’s address. Not set: XCLIENT if the server offers it.')),
  backendTls: choice({
    never: 'Never: for a server on the same machine or a trusted wire.',
    offered: 'If the server offers STARTTLS; its certificate is not checked.',
    required: 'Always; without STARTTLS mail waits (451).',
  }).default('offered').meta(about('Encryption to the mail server', 'Whether mail goes to the mail server over TLS.')),
  proxyProtocolFrom: list(cidr, 'addresses or networks').default([])
    .meta(about('PROXY header from', 'Load balancers in front of this gate that send a PROXY header (v1 or v2). It is required from them and refused from all others.')),
  tls: section({
    cert: filePath.optional().meta(about('Certificate', 'PEM file with the certificate and its chain. When it changes on disk it is loaded again.')),
    key: filePath.optional().meta(about('Private key', 'PEM file with the certificate’s private key, readable by the gate only.')),
  }).optional().meta(about('Certificate', 'The gate’s own, for STARTTLS. If not set, a self-signed one is made, which other mail servers accept.')),
  dns: section({
    servers: list(endpoint, 'name servers with port', 'name server').optional().meta(about('Name servers', 'The resolvers to ask; the system’s if not set. A resolver of your own nearby is fastest.')),
    timeoutMs: whole('milliseconds', 50, 30_000).default(2000).meta(about('Wait', 'How long one query waits for its answer.')),
    tries: whole('tries', 1, 10).default(2).meta(about('Tries', 'How often one question is asked before it counts as unanswered. No sender is refused for that.')),
    canary: list(hostname, 'host names').optional()
      .meta(about('Canary', 'Names that always have an IPv4 address (the first 20 count). If they are gone your own DNS is sick, and nobody is refused for it. An empty list turns this off.')),
  }).prefault({}).meta(about('DNS', 'Whom the gate asks.')),
  policy,
  bans,
  limits,
  console: endpoint.default('127.0.0.1:8525').meta(about('Console', 'Where this console is served when there is no desktop window. Keep it on loopback: it is not encrypted.')),
  helpPage: section({
    listen: endpoint.optional().meta(about('Page’s listening address', 'Where the public page is served. Not set: another machine serves it at the web address below.')),
    url: baseUrl.optional().meta(about('Page’s web address', 'Its address as senders see it; it stands in the refusals. Not set: made from the listening address.')),
  }).optional().meta(about('Help page', 'A public page that explains a refusal to the sender, with a button to check again. Its link stands in the refusal.')),
  notices,
  shop,
  doctor: section({
    dnsbl: list(domain, 'blacklist zones').default(['zen.spamhaus.org']).meta(about('Blacklists', 'DNS blacklists on which “porch doctor” looks for your own addresses. Clients are never judged by them.')),
  }).prefault({}).meta(about('Doctor', 'How the shop’s own mail setup is examined.')),
  store: choice({ sqlite: 'A file in the data folder.' }).default('sqlite').meta(about('Store', 'Where sessions and rules are kept.')),
  retentionDays: whole('days', 1, 3650).default(90).meta(about('Sessions are kept', 'Older ones are deleted. Rules stay.')),
})

/** Validated settings with defaults; what depends on the machine may still be undefined. */
export type Settings = z.output<typeof settingsSchema>
/** What may stand in the file. */
export type SettingsInput = z.input<typeof settingsSchema>

/** One thing wrong with a settings file. `path`: the key with dots, such as "policy.replies.ptr-missing" or "listen.1"; "" for the whole. */
export interface SettingsProblem {
  readonly path: string
  readonly message: string
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] }

/** Validates the parsed JSON of a settings file. Each problem is one line: the key's path, then what was expected. */
export function parseSettings(json: unknown): Parsed<Settings> {
  const checked = checkSettings(json)
  return checked.ok ? checked : { ok: false, problems: checked.problems.map((problem) => `${problemText(problem)}${repeats(problem) ? foundText(json, problem.path) : ''}`) }
}

/** As `parseSettings`, with each problem at its key. What spans keys is only looked at when every key by itself is right. */
export function checkSettings(json: unknown): { readonly ok: true; readonly value: Settings } | { readonly ok: false; readonly problems: readonly SettingsProblem[] } {
  const result = settingsSchema.safeParse(json)
  const problems = result.success ? crossCheck(result.data) : result.error.issues.flatMap(problemsOf)
  return result.success && problems.length === 0 ? { ok: true, value: result.data } : { ok: false, problems }
}

/** Without what was found: the settings page shows that beside it. */
export function problemText({ path, message }: SettingsProblem): string {
  return `${path === '' ? 'settings' : path}: ${message}`
}

/** Whether what was found still has to be told: not of a key that is wrong itself, or where the message quotes the value. */
function repeats({ message }: SettingsProblem): boolean {
  return message.startsWith('expected')
}

const SECTIONS = Object.fromEntries(Object.entries(settingsSchema.shape).flatMap(([key, schema]) => {
  const below = shapeOf(schema)
  return below === null ? [] : [[key, Object.keys(below)] as const]
}))

function problemsOf(issue: z.core.$ZodIssue): SettingsProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? Object.keys(settingsSchema.shape) : SECTIONS[issue.path.join('.')]
    // Findings that a text is given for know their own names.
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: known === undefined ? issue.message : unknownKey(key, known, SECTIONS) }))
  }
  return [{ path: issue.path.join('.'), message: issue.message }]
}

/** Rules that span keys (CONTRACT). */
function crossCheck(settings: Settings): SettingsProblem[] {
  const { backend, listen, bans, tls } = settings
  const problems: SettingsProblem[] = []
  const exposed = backend === undefined ? listen?.find((value) => parseEndpoint(value)?.loopback !== true) : undefined
  if (exposed !== undefined) problems.push({ path: 'listen', message: `"${exposed}" is beyond loopback, which needs a backend; expected a loopback address, or backend set` })
  if (backend !== undefined && leadsTo(backend, listenEndpoints(settings))) problems.push({ path: 'backend', message: `"${backend}" is where this gate itself listens: mail would run in a circle; expected the port of the mail server behind it, such as "127.0.0.1:2526"` })
  problems.push(...doubleDoors(settings))
  if (bans.maxDurationHours < bans.durationHours) problems.push({ path: 'bans.maxDurationHours', message: 'expected at least bans.durationHours' })
  if (tls?.cert !== undefined && tls.key === undefined) problems.push({ path: 'tls.key', message: 'expected the file of the private key that belongs to tls.cert' })
  if (tls?.key !== undefined && tls.cert === undefined) problems.push({ path: 'tls.cert', message: 'expected the file of the certificate that belongs to tls.key' })
  return problems
}

/** Two listeners on one port: the second could not start, and "another program" would be blamed for it. */
function doubleDoors(settings: Settings): SettingsProblem[] {
  const doors = [
    ...listenEndpoints(settings).map((at, index) => ({ path: `listen.${index}`, at })),
    { path: 'console', at: settings.console },
    ...(settings.helpPage?.listen === undefined ? [] : [{ path: 'helpPage.listen', at: settings.helpPage.listen }]),
  ]
  return doors.flatMap(({ path, at }, index) => {
    const first = doors.slice(0, index).find((earlier) => sameDoor(earlier.at, at))
    return first === undefined ? [] : [{ path, message: `"${at}" is taken by ${first.path} ("${first.at}") already; expected another port` }]
  })
}

/** No backend: the gate plays on loopback and delivers to its own mailbox. */
export function isPractice(settings: Settings): boolean {
  return settings.backend === undefined
}

/** `exempt` as in force: POLICY's networks by default, nobody in practice. */
export function exemptNetworks(settings: Settings): readonly string[] {
  return settings.policy.exempt ?? (isPractice(settings) ? [] : DEFAULT_EXEMPT)
}

/** `listen` as in force. */
export function listenEndpoints(settings: Settings): readonly string[] {
  return settings.listen ?? (isPractice(settings) ? ['127.0.0.1:2525'] : ['0.0.0.0:25', '[::]:25'])
}

/** What a gate starts with, but is not safe. */
export function unsafe({ console }: Pick<Settings, 'console'>): SettingsProblem[] {
  if (parseEndpoint(console)?.loopback !== false) return []
  return [{ path: 'console', message: `"${console}" can be reached from other machines, and the console is not encrypted: who listens on the wire can take its token and rule the gate. Better "127.0.0.1:8525", and from elsewhere ssh -L` }]
}

/** `tls` as in force: both files or neither. */
export function certificateFiles({ tls }: Settings): { readonly cert: string; readonly key: string } | undefined {
  return tls?.cert === undefined || tls.key === undefined ? undefined : { cert: tls.cert, key: tls.key }
}

/** `helpPage` as in force: a page served elsewhere has no `listen`; one without a `url` is reached at its address, or by our name where that is every address. */
export function helpPage(settings: Settings, hostname: string): { readonly listen?: string; readonly url: string } | undefined {
  const { listen, url } = settings.helpPage ?? {}
  if (listen === undefined) return url === undefined ? undefined : { url }
  const endpoint = parseEndpoint(listen)
  const host = endpoint === null || endpoint.host === '0.0.0.0' || endpoint.host === '::' ? hostname : endpoint.host
  return { listen, url: url ?? `http://${endpointText(host, endpoint?.port ?? 80)}` }
}
