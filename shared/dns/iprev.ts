/**
 * Forward-confirmed reverse DNS (RFC 8601 §2.7.3, §3; POLICY, Verdict): from evidence to `iprev`. Claimed and verified names are
 * different things here: a PTR name is verified only if its own addresses contain the client's.
 */
import { parseAddress } from '../net/ip.ts'
import type { Iprev } from '../events.ts'
import { isTemporary } from './answer.ts'
import { answerTo } from './evidence.ts'
import type { Evidence } from './evidence.ts'
import { addressTypes, ptrQuestion } from './plan.ts'
import { canBeAsked, ptrNamesOf } from './records.ts'

export interface IprevResult {
  readonly iprev: Iprev
  /** The first 10 PTR names as received, lower case, escaped (RFC 1035 §5.1); they are claims. */
  readonly ptrNames: readonly string[]
  /** Those that lead back to the client, in the order of `ptrNames`. */
  readonly verifiedNames: readonly string[]
}

const TEMPERROR: IprevResult = { iprev: 'temperror', ptrNames: [], verifiedNames: [] }

/** One exact match passes even if another name was temporary. What was not (yet) answered counts as temporary: it is no evidence. */
export function iprevOf(evidence: Evidence): IprevResult {
  const client = parseAddress(evidence.client)
  const answer = client === null ? undefined : answerTo(evidence, ptrQuestion(client))
  if (client === null || answer === undefined || isTemporary(answer.status)) return TEMPERROR
  if (answer.status !== 'found') return { iprev: 'permerror', ptrNames: [], verifiedNames: [] }

  const type = addressTypes(client).own
  const ptrNames = ptrNamesOf(answer)
  let open = false
  const verifiedNames = ptrNames.filter((name) => {
    if (!canBeAsked(name)) return false
    const addresses = answerTo(evidence, { name, type })
    if (addresses === undefined || isTemporary(addresses.status)) open = true
    return addresses?.status === 'found' && addresses.records.includes(client.text)
  })
  // A copy has no room to grow: each open connection keeps one.
  return { iprev: verifiedNames.length > 0 ? 'pass' : open ? 'temperror' : 'fail', ptrNames, verifiedNames: verifiedNames.slice() }
}
