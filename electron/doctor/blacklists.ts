/** Looks for our public addresses on the configured blacklists, after each list was tested itself. */
import { CLEAN_TEST, LISTED_TEST, judgeList, judgeListing, listQuestion } from '../../shared/doctor/dnsbl.ts'
import { checkUp } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import type { Question } from '../../shared/dns/answer.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { noPublicAddress, publicAddresses } from './name.ts'

const ASK_MS = 8000
const MOST_LISTS = 30

export async function examineBlacklists(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  const zones = [...new Set(settings.doctor.dnsbl.map(canonicalName))].slice(0, MOST_LISTS)
  if (zones.length === 0) return [checkUp('blacklist', 'none', 'ok', 'No blacklist is named (doctor.dnsbl is empty).')]
  const { addresses, temporary } = await publicAddresses(deps, settings)
  if (addresses.length === 0) return [noPublicAddress(temporary)]
  return (await Promise.all(zones.map((zone) => examineList(deps, zone, addresses)))).flat()
}

async function examineList({ resolver, clock }: DoctorDeps, zone: string, addresses: readonly string[]): Promise<readonly CheckUp[]> {
  const ask = (question: Question) => resolver.resolve(question, { deadline: clock.monotonic() + ASK_MS, fresh: true })
  const [listed, clean] = await Promise.all([ask(listQuestion(LISTED_TEST, zone)), ask(listQuestion(CLEAN_TEST, zone))])
  const state = judgeList(zone, listed, clean)
  if (!state.usable) return [state.check]
  return Promise.all(addresses.map(async (address) => {
    const answer = await ask(listQuestion(address, zone))
    const reason = answer.status === 'found' ? await ask(listQuestion(address, zone, 'TXT')) : null
    return judgeListing(zone, address, answer, reason)
  }))
}
