/**
 * Check again (POLICY, Bans; shared/api/recheck.ts): what DNS says now of a session's client and EHLO name, judged by the
 * rules in force. Who passes and is to be released loses its automatic ban, its strikes and what is cached of it; a ban
 * made by hand, or of a wider network, is the admin's and stays. Nothing is changed unless the verdict is accept.
 */
import type { Recheck, Release } from '../../shared/api/recheck.ts'
import type { Outcome } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import { judge } from '../../shared/gate/verdict.ts'
import type { Judgement } from '../../shared/gate/verdict.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import type { Address } from '../../shared/net/ip.ts'
import { advise } from '../../shared/notice/advice.ts'
import { sentence } from '../../shared/notice/sentence.ts'
import type { ConsoleDeps } from './deps.ts'
import { contextOf, domainOf } from './detail.ts'
import { failingText, withHint } from './explain.ts'

type Deps = Pick<ConsoleDeps, 'clock' | 'store' | 'rules' | 'strikes' | 'settings' | 'resolver' | 'gatherFor' | 'onError'>

/** Settles within the gathering's 8 s. `release`: whether a client that passes is let go. */
export async function recheck(deps: Deps, id: string, release: boolean): Promise<Outcome<{ readonly result: Recheck }>> {
  const entry = await deps.store.entry(id)
  if (entry === null) return { ok: false, problem: 'This session is not in the journal: it is still under way, or it is gone.' }
  const { session } = entry
  const client = parseAddress(session.client)
  if (client === null) return { ok: false, problem: 'This session has no address that could be looked up.' }
  const at = new Date(deps.clock.now()).toISOString()
  const evidence = await gatherNow(deps, client, session.ehlo)
  const settings = deps.settings.current()
  const context = contextOf(session, settings)
  const judgement = judge(evidence, context)
  const answers = [...evidence.answers.values()]
  const remedies = judgement.verdict === 'reject' ? advise(evidence, context, domainOf(session.sender)) : []
  const trouble = judgement.verdict === 'tempfail' ? await failingText(deps, evidence, context) : null
  const said = sentence(judgedNow(session, judgement), answers, remedies, trouble)
  const result: Recheck = {
    id, at, client: session.client, ehlo: session.ehlo,
    verdict: judgement.verdict, iprev: judgement.iprev, ptrNames: judgement.ptrNames, findings: judgement.findings, refusedFor: judgement.refusedFor,
    verifiedName: judgement.verifiedNames[0] ?? null, rules: settings.policy.rules, evidence: answers, remedies,
    sentence: judgement.verdict === 'reject' ? withHint(said, evidence) : said,
    release: judgement.verdict !== 'accept' ? { kind: 'not-yet' } : release ? await letGo(deps, client) : { kind: 'only-looked' },
  }
  return { ok: true, result }
}

/** A client that said no EHLO is looked up by its address alone. */
async function gatherNow(deps: Deps, client: Address, ehlo: string | null) {
  const gathering = deps.gatherFor(client.text).begin(client.text, { fresh: true })
  try {
    return await (ehlo === null ? gathering.ptrSide() : gathering.ehloSide(ehlo))
  } finally {
    gathering.stop()
  }
}

/** The session as if it came now: what became of it then is not said of now. */
function judgedNow(session: SessionRecord, { verdict, findings, refusedFor, ptrNames, verifiedNames }: Judgement) {
  const { client, ehlo } = session
  return { client, ehlo, verdict, findings, refusedFor, ptrNames, verifiedName: verifiedNames[0] ?? null, disposition: verdict === 'accept' ? 'accepted' as const : 'rejected' as const, reply: null }
}

async function letGo(deps: Deps, client: Address): Promise<Release> {
  const own = parseScope('ban', clientScope(client).text)
  if (!own.ok) return { kind: 'failed', problem: own.problem }
  const strikes = deps.strikes.of(client).strikes.length
  const ban = deps.rules.match(client).ban
  const automatic = ban?.by === 'auto' && ban.scope === own.scope.text ? ban : null
  if (automatic !== null) {
    try {
      const removed = await deps.rules.remove('ban', automatic.scope)
      // Somebody else may have lifted it in this very moment: then it is gone all the same.
      if (!removed.ok && deps.rules.match(client).ban?.by === 'auto') return { kind: 'failed', problem: removed.problem }
    } catch (error) {
      deps.onError(error)
      return { kind: 'failed', problem: `The ban could not be lifted: ${error instanceof Error ? error.message : 'unknown trouble'}` }
    }
  }
  deps.strikes.forgive(own.scope)
  deps.resolver.forget(client.text)
  return { kind: 'released', lifted: automatic, stays: deps.rules.match(client).ban, strikes }
}
