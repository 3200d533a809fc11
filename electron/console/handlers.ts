/**
 * The API between the gate and its consoles (shared/api.ts), each procedure in a few lines over the ports. What the
 * admin may get wrong comes back as a problem in words; a failure of our own is logged here and hidden from the page.
 */
import { ORPCError, implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { GateState } from '../../shared/api.ts'
import { isServed } from '../../shared/gate/disposition.ts'
import type { JournalEntry } from '../../shared/events.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { writeRuleList } from '../../shared/gate/rulelist.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { parseSearch } from '../../shared/search/query.ts'
import type { EffectiveSettings, SessionFilter } from '../ports.ts'
import { backUp } from './backup.ts'
import { followCheck, runCheck } from './check.ts'
import type { ConsoleDeps } from './deps.ts'
import { detailOf, logOf } from './detail.ts'
import { doctorView, followDoctor } from './doctor.ts'
import { createGoLive } from './golive.ts'
import { ownServer } from './own.ts'
import { beginPause, endPause } from './pause.ts'
import { ruleHistory } from './rulestats.ts'
import { leadsOf, senderHistory } from './history.ts'
import { recheck } from './recheck.ts'
import { keptOf, streamForgetting } from './privacy.ts'
import { reportOf } from './reports.ts'
import { networkOf } from './network.ts'
import { cancel, contactsFor, reopen, send, write } from '../notice/desk.ts'
import { worthWriting } from '../notice/worth.ts'
import { createNoticeStandings } from './noticestandings.ts'
import { previewTemplate } from '../notice/sample.ts'
import { deskState, listNotices, noticeOf, restoreTemplate, setTemplate } from './notices.ts'
import { addRule, importRules, previewRule, removeRule } from './rules.ts'
import { getSender, listSenders } from './senders.ts'
import { checkInput, saveInput, viewSettings } from './settings.ts'
import { editRule, goodSenders, impactOf, liftRules, restoreRules } from './rulework.ts'
import { watchRules } from './rulewatch.ts'
import { gateState, watchState } from './state.ts'
import { dismissSuggestion, suggestionList, suggestions } from './suggestions.ts'
import { createWhatIf, streamReport } from './whatif.ts'

const NOT_PRACTICE = 'The sample senders play in practice mode only.'

export type ConsoleRouter = ReturnType<typeof createRouter>

export function createRouter(deps: ConsoleDeps) {
  const os = implement(api).use(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      if (!(error instanceof ORPCError)) deps.onError(error)
      throw error
    }
  })
  const whatIf = createWhatIf(deps)
  const proposals = () => worthWriting({ ...deps.desk, store: deps.store, rules: deps.rules })
  const standings = createNoticeStandings({ clock: deps.clock, notices: () => deps.desk.outbox.list(), proposals })
  const senders = { ...deps, standings, detail: (entry: JournalEntry) => detailOf(deps, entry, deps.settings.current()) }
  const goLive = createGoLive(deps)
  return os.router({
    state: {
      get: os.state.get.handler((): GateState => gateState(deps)),
      watch: os.state.watch.handler(({ signal }) => watchState(deps, signal ?? neverAborted())),
    },
    sessions: {
      list: os.sessions.list.handler(({ input }) => deps.store.sessions(filterOf(deps.settings.current(), input))),
      get: os.sessions.get.handler(async ({ input }) => {
        const entry = await deps.store.entry(input.id)
        return entry === null ? null : detailOf(deps, entry, deps.settings.current())
      }),
      log: os.sessions.log.handler(async ({ input }) => logOf(deps.store, await deps.store.sessions(filterOf(deps.settings.current(), input)))),
      live: os.sessions.live.handler(({ signal }) => deps.hub.subscribe(signal ?? neverAborted())),
    },
    rules: {
      list: os.rules.list.handler(() => deps.rules.list()),
      add: os.rules.add.handler(({ input }) => addRule(deps, { ...input, by: 'admin' })),
      remove: os.rules.remove.handler(({ input }) => removeRule(deps, input.kind, input.scope)),
      preview: os.rules.preview.handler(({ input }) => previewRule(deps, input.kind, input.scope)),
      suggestions: os.rules.suggestions.handler(() => suggestions(deps)),
      import: os.rules.import.handler(({ input }) => importRules(deps, input.rules)),
      export: os.rules.export.handler(({ input }) => {
        const all = deps.rules.list()
        return { text: writeRuleList(all.filter((rule) => input.kind === undefined || rule.kind === input.kind), input.format, deps.clock.now(), all) }
      }),
    },
    ruleWork: {
      watch: os.ruleWork.watch.handler(({ signal }) => watchRules(deps.rules, signal ?? neverAborted())),
      edit: os.ruleWork.edit.handler(({ input }) => editRule(deps, input)),
      lift: os.ruleWork.lift.handler(({ input }) => liftRules(deps, input.rules)),
      restore: os.ruleWork.restore.handler(({ input }) => restoreRules(deps, input.rules)),
      impact: os.ruleWork.impact.handler(({ input }) => impactOf(deps, input.kind, input.scope)),
      goodSenders: os.ruleWork.goodSenders.handler(() => goodSenders(deps)),
      suggestions: os.ruleWork.suggestions.handler(() => suggestionList(deps)),
      dismiss: os.ruleWork.dismiss.handler(({ input }) => dismissSuggestion(deps, input.kind, input.scope, input.dismissed)),
    },
    rulestats: { history: os.rulestats.history.handler(({ input }) => ruleHistory(deps, input)) },
    mode: {
      set: os.mode.set.handler(({ input }) => setMode(deps, input.mode, input.forMs)),
    },
    pause: {
      begin: os.pause.begin.handler(({ input }) => beginPause(deps, input.forMs)),
      end: os.pause.end.handler(() => endPause(deps)),
    },
    check: os.check.handler(async ({ input }) => {
      const address = parseAddress(input.client)
      if (address === null) return { ok: false, problem: `"${asciiText(input.client, 60)}" is not an address; expected one such as 192.0.2.1 or 2001:db8::1` }
      const result = await runCheck({ gather: deps.gatherFor(address.text), settings: deps.settings.current() }, address.text, input.ehlo)
      return { ok: true, result }
    }),
    checks: {
      follow: os.checks.follow.handler(({ input, signal }) => followCheck({ ...deps, settings: deps.settings.current() }, input, signal ?? neverAborted())),
      own: os.checks.own.handler(() => ownServer(deps)),
    },
    doctor: {
      get: os.doctor.get.handler(() => doctorView(deps.daily)),
      run: os.doctor.run.handler(({ signal }) => followDoctor(deps.daily, signal ?? neverAborted())),
    },
    recheck: os.recheck.handler(({ input }) => recheck(deps, input.id, input.release)),
    live: {
      leads: os.live.leads.handler(({ input }) => leadsOf(deps, input.ids)),
      history: os.live.history.handler(({ input }) => senderHistory(deps, input.client, input.names)),
    },
    backup: os.backup.handler(({ input }) => backUp(deps, input.file)),
    goLive: {
      get: os.goLive.get.handler(() => goLive.view()),
      keep: os.goLive.keep.handler(({ input }) => goLive.keep(input.draft)),
      test: os.goLive.test.handler(({ input }) => goLive.test(input.step, input.draft)),
      apply: os.goLive.apply.handler(({ input }) => goLive.apply(input.draft, input.revision)),
      check: os.goLive.check.handler(() => goLive.check()),
      restart: os.goLive.restart.handler(() => goLive.restart()),
    },
    whatIf: {
      run: os.whatIf.run.handler(({ input, signal }) => streamReport(deps, input, signal ?? neverAborted())),
      wouldHave: os.whatIf.wouldHave.handler(() => whatIf.wouldHave()),
      card: os.whatIf.card.handler(() => whatIf.card()),
      later: os.whatIf.later.handler(({ input }) => whatIf.later(input.days)),
    },
    reports: { get: os.reports.get.handler(({ input }) => reportOf(deps, input)) },
    privacy: {
      kept: os.privacy.kept.handler(() => keptOf(deps)),
      forget: os.privacy.forget.handler(({ input, signal }) => streamForgetting({ ...deps, outbox: deps.desk.outbox }, input.address, signal ?? neverAborted())),
    },
    senders: {
      list: os.senders.list.handler(({ input }) => listSenders(senders, input)),
      get: os.senders.get.handler(({ input }) => getSender(senders, input.key, input.text)),
    },
    network: { of: os.network.of.handler(({ input }) => networkOf(deps, input.address)) },
    notices: {
      proposals: os.notices.proposals.handler(proposals),
      list: os.notices.list.handler(() => listNotices(deps.desk)),
      get: os.notices.get.handler(({ input }) => noticeOf(deps.desk, input.id)),
      desk: os.notices.desk.handler(() => deskState(deps.desk)),
      contacts: os.notices.contacts.handler(({ input }) => contactsFor(deps.desk, input.subject)),
      preview: os.notices.preview.handler(({ input }) => write(deps.desk, input, false)),
      draft: os.notices.draft.handler(({ input }) => write(deps.desk, input, true)),
      send: os.notices.send.handler(({ input }) => send(deps.desk, input.id, input.holdMs)),
      reopen: os.notices.reopen.handler(({ input }) => reopen(deps.desk, input.id)),
      cancel: os.notices.cancel.handler(({ input }) => cancel(deps.desk, input.id)),
      templates: {
        list: os.notices.templates.list.handler(() => deps.desk.templates.list()),
        set: os.notices.templates.set.handler(({ input }) => setTemplate(deps.desk, input.kind, input.text)),
        preview: os.notices.templates.preview.handler(({ input }) => previewTemplate(deps.desk, input.kind, input.text)),
        restore: os.notices.templates.restore.handler(({ input }) => restoreTemplate(deps.desk, input.kind)),
      },
    },
    submissionPassword: {
      state: os.submissionPassword.state.handler(() => deps.password.state()),
      set: os.submissionPassword.set.handler(({ input }) => deps.password.set(input.password)),
      forget: os.submissionPassword.forget.handler(() => deps.password.set(null)),
    },
    settings: {
      get: os.settings.get.handler(() => viewSettings(deps)),
      check: os.settings.check.handler(({ input }) => checkInput(deps, input.input)),
      save: os.settings.save.handler(({ input }) => saveInput(deps, input.input, input.revision)),
    },
    practice: {
      play: os.practice.play.handler(async () => {
        if (deps.practice === null) return { ok: false, problem: NOT_PRACTICE }
        return (await deps.practice.play()) ? { ok: true } : { ok: false, problem: 'The sample senders are playing already.' }
      }),
      mailbox: os.practice.mailbox.handler(() => deps.practice?.mailbox() ?? []),
      message: os.practice.message.handler(async ({ input }) => {
        const text = (await deps.practice?.message(input.file)) ?? null
        return text === null ? null : { text }
      }),
    },
  })
}

type FilterInput = Omit<SessionFilter, 'search' | 'limit'> & { readonly text?: string }

/** `since` in any form that Date reads becomes the one the store compares; the text of the search field becomes what it means. */
function filterOf<T extends FilterInput>(settings: EffectiveSettings, { text, ...rest }: T): Omit<T, 'text'> & Pick<SessionFilter, 'search'> {
  const since = rest.since === undefined ? null : new Date(rest.since)
  if (since !== null && Number.isNaN(since.getTime())) throw new ORPCError('BAD_REQUEST', { message: 'since: expected a time such as 2026-11-23T15:00:00Z' })
  const search = text === undefined || text.trim() === '' ? {} : { search: parseSearch(text, (domain) => isServed(domain, settings.allDomains)) }
  return { ...rest, ...(since === null ? {} : { since: since.toISOString() }), ...search }
}

async function setMode(deps: ConsoleDeps, mode: Mode, forMs: number | null) {
  try {
    return { ok: true as const, returns: await deps.settings.setMode(mode, forMs) }
  } catch (error) {
    return { ok: false as const, problem: `The mode could not be changed: ${error instanceof Error ? error.message : 'unknown trouble'}` }
  }
}

/** For callers that cannot go away. */
function neverAborted(): AbortSignal {
  return new AbortController().signal
}
