/**
 * What a registry says of a network or a domain (RDAP: RFC 9083, jCard RFC 7095), read with tolerance: the five regional registries differ
 * in shape, and some answer more than the standard allows. Whatever comes, the result is small and of our own making, or a reason.
 */
import { z } from 'zod'
import { contains, parseAddress, parseNetwork } from '../net/ip.ts'
import type { Address, Network } from '../net/ip.ts'
import { canonicalName, isAtOrBelow } from '../net/domain.ts'
import { networksOfRange } from '../net/range.ts'
import { visibleText } from '../net/safetext.ts'
import { contactKey, readContact } from './mailaddress.ts'

export type ContactRole = 'abuse' | 'technical' | 'administrative'

/** One mail address that a registry gives for a network or domain. `note`: what the registry remarks of it (unvalidated, does not answer), else null. */
export interface RegistryContact {
  readonly address: string
  readonly role: ContactRole
  readonly name: string | null
  readonly note: string | null
}

/** `cidrs`: canonical, in order; together the registered network. Text is one visible line. */
export interface RegisteredNetwork {
  readonly cidrs: readonly string[]
  readonly name: string | null
  readonly handle: string | null
  readonly country: string | null
  readonly contacts: readonly RegistryContact[]
}

export interface RegisteredDomain {
  readonly domain: string
  readonly contacts: readonly RegistryContact[]
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

const MAX_TEXT = 120
const MAX_DEPTH = 4
const MAX_ENTITIES = 100
const MAX_CONTACTS = 20
/** Wider than anything a registry gives to one holder: the registry's own placeholder for what is not registered more closely. */
const SHORTEST = { 4: 6, 6: 12 } as const

/** Anything but text is no text. */
const text = z.string().nullish().catch(null).transform((value) => (value === null || value === undefined || value.trim() === '' ? null : visibleText(value.trim(), MAX_TEXT)))
const list = z.array(z.unknown()).catch([])
const cidrSchema = z.object({ v4prefix: z.string().optional().catch(undefined), v6prefix: z.string().optional().catch(undefined), length: z.int().min(0).max(128) })
const networkSchema = z.object({
  cidr0_cidrs: list, startAddress: z.string().catch(''), endAddress: z.string().catch(''),
  name: text, handle: text, country: text, entities: list, remarks: list,
})
const domainSchema = z.object({ ldhName: z.string().catch(''), entities: list })
const entitySchema = z.object({ handle: text, roles: list, status: list, vcardArray: z.unknown().optional(), entities: list, remarks: list })
const remarkSchema = z.object({ title: z.string().catch(''), description: list })

/** The network that holds `asked`, from the answer to ip/ADDRESS (RFC 9083 §5.4). */
export function readNetwork(json: unknown, asked: Address): Read<RegisteredNetwork> {
  const parsed = networkSchema.safeParse(json)
  if (!parsed.success) return { ok: false, why: 'the registry’s answer is no description of a network' }
  const { data } = parsed
  const networks = networksOf(data)
  if (networks.length === 0) return { ok: false, why: 'the registry’s answer does not say which network it is about' }
  if (!networks.some((network) => contains(network, asked))) return { ok: false, why: `the registry’s answer is about another network than that of ${asked.text}` }
  if (networks.some((network) => network.prefix < SHORTEST[network.address.family])) return { ok: false, why: `${asked.text} is not registered to anybody` }
  return {
    ok: true,
    value: { cidrs: networks.map((network) => network.text), name: data.name, handle: data.handle, country: data.country, contacts: contactsOf(data.entities) },
  }
}

/** From the answer to domain/NAME (RFC 9083 §5.3). */
export function readDomain(json: unknown, asked: string): Read<RegisteredDomain> {
  const parsed = domainSchema.safeParse(json)
  const domain = parsed.success ? canonicalName(parsed.data.ldhName) : ''
  if (!parsed.success || !isAtOrBelow(asked, domain)) return { ok: false, why: 'the registry’s answer is about another domain' }
  return { ok: true, value: { domain, contacts: contactsOf(parsed.data.entities) } }
}

/** The prefixes that the registry writes, or else its range. */
function networksOf(data: z.output<typeof networkSchema>): Network[] {
  const written = data.cidr0_cidrs.slice(0, MAX_ENTITIES).flatMap((each) => {
    const cidr = cidrSchema.safeParse(each)
    const prefix = cidr.success ? (cidr.data.v4prefix ?? cidr.data.v6prefix) : undefined
    return prefix === undefined || !cidr.success ? [] : (parseNetwork(`${prefix.trim()}/${cidr.data.length}`) ?? [])
  })
  if (written.length > 0) return written
  // LACNIC writes prefixes into the range's ends.
  const [first, last] = [data.startAddress, data.endAddress].map((end) => parseAddress(end.trim().replace(/\/\d+$/, '')))
  return first === null || first === undefined || last === null || last === undefined ? [] : networksOfRange(first, last)
}

interface Entity {
  readonly roles: readonly string[]
  readonly name: string | null
  readonly emails: readonly string[]
  readonly remarks: string
}

/**
 * Abuse and technical contacts before administrative ones. Roles count where they stand: at ARIN the abuse desk is nested under the
 * registrant, at RIPE the holder's maintainers stand beside it, at APNIC it is the incident response team.
 */
function contactsOf(entities: readonly unknown[]): RegistryContact[] {
  const found = new Map<string, RegistryContact>()
  for (const role of ['abuse', 'technical', 'administrative'] as const) {
    for (const entity of entitiesWithin(entities).filter(({ roles }) => roles.includes(role))) {
      const note = noteOf(entity.remarks)
      for (const email of entity.emails) {
        const address = readContact(email)
        if (address === null || saidInvalid(entity.remarks, address) || found.has(contactKey(address))) continue
        found.set(contactKey(address), { address, role, name: entity.name, note })
      }
    }
  }
  // Those of whom the registry has heard go first; within, the order above.
  return [...found.values()].sort((a, b) => Number(a.note !== null) - Number(b.note !== null)).slice(0, MAX_CONTACTS)
}

/** Breadth first, to a bounded depth and number; a registrar's contacts are not the domain's. */
function entitiesWithin(roots: readonly unknown[]): Entity[] {
  const entities: Entity[] = []
  let level: readonly unknown[] = roots
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const below: unknown[] = []
    for (const each of level.slice(0, MAX_ENTITIES)) {
      const parsed = entitySchema.safeParse(each)
      if (!parsed.success || entities.length >= MAX_ENTITIES) continue
      const roles = words(parsed.data.roles)
      if (roles.includes('registrar') || words(parsed.data.status).includes('removed')) continue
      const card = cardOf(parsed.data.vcardArray)
      entities.push({ roles, name: card.name ?? parsed.data.handle, emails: card.emails, remarks: remarksText(parsed.data.remarks) })
      below.push(...parsed.data.entities)
    }
    level = below
  }
  return entities
}

function words(values: readonly unknown[]): string[] {
  return values.slice(0, MAX_ENTITIES).flatMap((value) => (typeof value === 'string' ? [value.trim().toLowerCase()] : []))
}

/** ["vcard", [["fn", {}, "text", "NOC"], ["email", {}, "text", "noc@isp.example"], …]] */
function cardOf(vcardArray: unknown): { readonly name: string | null; readonly emails: readonly string[] } {
  const properties: readonly unknown[] = Array.isArray(vcardArray) && Array.isArray(vcardArray[1]) ? vcardArray[1] : []
  const values = (wanted: string) => properties.slice(0, MAX_ENTITIES).flatMap((property) => {
    if (!Array.isArray(property) || typeof property[0] !== 'string' || property[0].toLowerCase() !== wanted) return []
    // Several values of one property follow one another (RFC 7095 §3.3).
    return property.slice(3).flat(2).flatMap((value) => (typeof value === 'string' ? [value] : []))
  })
  const name = text.parse(values('fn')[0])
  return { name, emails: values('email').flatMap((value) => value.split(/[\s,;]+/)).slice(0, MAX_CONTACTS) }
}

function remarksText(remarks: readonly unknown[]): string {
  return remarks.slice(0, MAX_ENTITIES).flatMap((each) => {
    const remark = remarkSchema.safeParse(each)
    return remark.success ? [remark.data.title, ...remark.data.description.flatMap((line) => (typeof line === 'string' ? [line] : []))] : []
  }).join('\n').slice(0, 8000)
}

/** What the registry says of a contact that it could not reach. */
function noteOf(remarks: string): string | null {
  if (!/unvalidated|no response|not respond|unresponsive|could not be (?:validated|verified|reached)|bounc/i.test(remarks)) return null
  const line = remarks.split('\n').find((each) => /validat|respon|bounc|verif|reach/i.test(each) && each.length > 20) ?? remarks.split('\n')[0] ?? ''
  return visibleText(line.trim(), 200)
}

/** APNIC: "noc@isp.example is invalid". */
function saidInvalid(remarks: string, address: string): boolean {
  const lower = remarks.toLowerCase()
  return lower.split('\n').some((line) => line.includes(address.toLowerCase()) && /\b(?:is|are) invalid\b|\bnot valid\b/.test(line))
}
