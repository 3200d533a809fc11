/**
 * The settings file: one schema from which type, defaults, validation, help text and the settings page derive
 * (CONTRACT, porch.json). Unknown keys are errors; every message names the key and what was expected.
 * Values that depend on the machine (hostname, name servers) are null here and filled in by electron/settings.ts.
 */
import { z } from 'zod'
import { parseCidr, parseEndpoint, parseMailDomain } from './net/parse.ts'
import { FINDINGS } from './events.ts'

const text = (expected: string) => z.string({ error: `expected ${expected}` })

const checked = (expected: string, ok: (value: string) => boolean) =>
  text(expected).refine(ok, { error: `expected ${expected}` })

const whole = (unit: string, min: number, max: number) => {
  const error = `expected a whole number of ${unit} from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

const choice = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `expected one of ${values.map((value) => `"${value}"`).join(', ')}` })

const list = <T extends z.ZodType>(of: T, expected: string) => z.array(of, { error: `expected a list of ${expected}` })

const endpoint = checked('an address with port, such as "127.0.0.1:25" or "[::1]:25"', (value) => parseEndpoint(value) !== null)
const serverEndpoint = checked(
  'a host or address with port, such as "127.0.0.1:2526"',
  (value) => parseEndpoint(value, { names: true }) !== null,
)
const cidr = checked('an address or network, such as "192.0.2.0/24" (host bits zero)', (value) => parseCidr(value) !== null)
const domain = checked('a domain, such as "shop.example" or "*.shop.example"', (value) => parseMailDomain(value) !== null)
const hostname = checked('a host name, such as "mx.shop.example"', (value) => {
  const parsed = parseMailDomain(value)
  return parsed !== null && !parsed.below
})
const filePath = text('a file path').min(1, { error: 'expected a file path' })

const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key; known here: ${Object.keys(shape).join(', ')}`
        : `expected an object with ${Object.keys(shape).join(', ')}`,
  })

const replyFields = ['client', 'ehlo', 'ptr', 'url', 'id']
const replyText = checked(
  `one line of printable ASCII, at most 400 characters, with fields from {${replyFields.join('} {')}}`,
  (value) =>
    /^[\x20-\x7e]{1,400}$/.test(value) &&
    [...value.matchAll(/\{([^{}]*)\}/g)].every((match) => replyFields.includes(match[1] ?? '')),
)

export const DEFAULT_EXEMPT = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10']

export const settingsSchema = section({
  hostname: hostname.optional().describe('The name this gate greets with; the system’s if not set.'),
  listen: list(endpoint, 'addresses with port').min(1, { error: 'expected at least one address with port' }).optional()
    .describe('Where clients connect. Without a backend only loopback is allowed.'),
  domains: list(domain, 'domains').default([]).describe('The domains this shop receives mail for. All others are refused (never a relay).'),
  domainsFile: filePath.optional().describe('A file with more served domains, one a line.'),
  backend: serverEndpoint.optional().describe('The mail server behind this gate. Without one the gate is in practice mode.'),
  backendIdentity: choice('xclient', 'proxy', 'none').optional()
    .describe('How the mail server learns the client’s address. Not set: XCLIENT if it is offered.'),
  backendTls: choice('never', 'offered', 'required').default('offered').describe('TLS towards the mail server.'),
  proxyProtocolFrom: list(cidr, 'addresses or networks').default([])
    .describe('Load balancers that send a PROXY header; required from them, refused from all others.'),
  tls: section({
    cert: filePath.describe('PEM file with the certificate chain.'),
    key: filePath.describe('PEM file with its private key.'),
  }).optional().describe('The gate’s own certificate; a self-signed one is made if not set.'),
  dns: section({
    servers: list(endpoint, 'name servers with port').min(1, { error: 'expected at least one name server' }).optional()
      .describe('Resolvers to ask; the system’s if not set.'),
    timeoutMs: whole('milliseconds', 50, 30_000).default(2000).describe('How long one query waits.'),
    tries: whole('tries', 1, 10).default(2).describe('How often one question is asked.'),
    canary: list(hostname, 'host names').optional()
      .describe('Names that always have an IPv4 address (the first 20 count), to notice a sick resolver. An empty list turns the canary off.'),
  }).prefault({}),
  policy: section({
    rules: choice('house', 'standard', 'lenient').default('house').describe('Which findings refuse.'),
    mode: choice('enforce', 'observe', 'grace').default('enforce').describe('Whether findings refuse, are only shown, or defer at first.'),
    graceDays: whole('days', 1, 365).default(3).describe('How long grace answers 450 before it refuses.'),
    rejectAt: choice('rcpt', 'ehlo').default('rcpt').describe('When a refusal is said.'),
    exempt: list(cidr, 'addresses or networks').optional().describe('Networks whose clients are not judged.'),
    detail: choice('full', 'brief').default('full').describe('How much a refusal’s text says.'),
    replies: z.partialRecord(
      z.enum(FINDINGS),
      replyText,
      { error: (issue) => (issue.code === 'invalid_type' ? 'expected an object with a text per finding' : `unknown finding; known: ${FINDINGS.join(', ')}`) },
    ).default({}).describe('Your own texts for refusals, per finding.'),
  }).prefault({}),
  bans: section({
    strikes: whole('strikes', 1, 10_000).default(10),
    windowMinutes: whole('minutes', 1, 10_080).default(60),
    durationHours: whole('hours', 1, 87_600).default(96),
    maxDurationHours: whole('hours', 1, 87_600).default(768),
    quietDays: whole('days', 1, 3650).default(90),
  }).prefault({}),
  limits: section({
    connections: whole('connections', 1, 1_000_000).default(2000),
    perClient: whole('connections', 1, 1_000_000).default(50),
    messageBytes: whole('octets', 1024, 2_147_483_647).default(52_428_800),
    recipients: whole('recipients', 1, 100_000).default(100),
    messages: whole('messages', 1, 1_000_000).default(100),
    errors: whole('errors', 1, 10_000).default(10),
  }).prefault({}),
  console: endpoint.default('127.0.0.1:8525').describe('Where the console is served when headless.'),
  helpPage: section({
    listen: endpoint.describe('Where the public help page is served.'),
    url: checked('an http or https address', isHttpUrl).describe('Its address as senders see it.'),
  }).optional(),
  notices: section({
    smtp: serverEndpoint.optional().describe('The submission server.'),
    user: text('a user name').optional(),
    passwordFile: filePath.optional(),
    from: checked('a mail address', (value) => /^[^\s<>@]+@[^\s<>@]+$/.test(value)).optional(),
    perContactDays: whole('days', 0, 365).default(7),
    perDay: whole('notices', 0, 10_000).default(20),
    rdap: checked('an http or https address', isHttpUrl).optional(),
  }).optional(),
  shop: section({
    name: text('a name').optional(),
    phone: text('a telephone number').optional(),
    rate: text('a rate, such as "$60 per hour"').optional(),
    url: checked('an http or https address', isHttpUrl).optional(),
    adminEmail: checked('a mail address', (value) => /^[^\s<>@]+@[^\s<>@]+$/.test(value)).optional(),
  }).prefault({}),
  doctor: section({ dnsbl: list(domain, 'blacklist zones').default(['zen.spamhaus.org']) }).prefault({}),
  store: choice('sqlite').default('sqlite').describe('Where sessions and rules are kept.'),
  retentionDays: whole('days', 1, 3650).default(90).describe('How long sessions are kept.'),
})

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^\s/?#@"<>]+[^\s"<>]*$/.test(value)
}

/** Validated settings with defaults; what depends on the machine may still be undefined. */
export type Settings = z.output<typeof settingsSchema>
/** What may stand in the file. */
export type SettingsInput = z.input<typeof settingsSchema>

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] }

/** Validates the parsed JSON of a settings file. Each problem is one line: the key's path, then what was expected. */
export function parseSettings(json: unknown): Parsed<Settings> {
  const result = settingsSchema.safeParse(json)
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap(problemLines) }
  const problem = crossCheck(result.data)
  return problem === null ? { ok: true, value: result.data } : { ok: false, problems: [problem] }
}

function problemLines(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${[...issue.path, key].join('.')}: ${issue.message}`)
  return [`${issue.path.length === 0 ? 'settings' : issue.path.join('.')}: ${issue.message}`]
}

/** Rules that span keys (CONTRACT). */
function crossCheck(settings: Settings): string | null {
  if (settings.backend === undefined) {
    const exposed = settings.listen?.find((value) => parseEndpoint(value)?.loopback !== true)
    if (exposed !== undefined) {
      return `listen: "${exposed}" is beyond loopback, which needs a backend; expected a loopback address, or backend set`
    }
  }
  if (settings.bans.maxDurationHours < settings.bans.durationHours) {
    return 'bans.maxDurationHours: expected at least bans.durationHours'
  }
  return null
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
