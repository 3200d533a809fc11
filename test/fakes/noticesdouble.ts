/** The notices of the double of the gate: none, and nothing can be written. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from '../../shared/notice/templates.ts'

export function noticesDouble() {
  const { notices } = implement(api)
  const refused = { ok: false as const, code: 'unknown' as const, problem: 'Not here.' }
  return {
    proposals: notices.proposals.handler(() => ({ due: [], stuck: [] })),
    list: notices.list.handler(() => []), get: notices.get.handler(() => null), contacts: notices.contacts.handler(() => refused), preview: notices.preview.handler(() => refused),
    draft: notices.draft.handler(() => refused), send: notices.send.handler(() => refused), cancel: notices.cancel.handler(() => refused),
    templates: {
      list: notices.templates.list.handler(() => TEMPLATE_KINDS.map((kind) => ({ kind, text: DEFAULT_TEMPLATES[kind], changed: false }))),
      set: notices.templates.set.handler(() => refused), restore: notices.templates.restore.handler(({ input }) => ({ ok: true, text: DEFAULT_TEMPLATES[input.kind] })),
    },
  }
}
