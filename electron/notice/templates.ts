/** The admin's own versions of the templates, kept in the store beside the ones that come with Porch. */
import type { TemplateText } from '../../shared/api/notices.ts'
import { parseTemplate } from '../../shared/notice/template.ts'
import type { TemplateProblem } from '../../shared/notice/template.ts'
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { StorePort } from '../ports.ts'

const KEY = 'notice-templates'

export interface Templates {
  text(kind: TemplateKind): Promise<string>
  list(): Promise<readonly TemplateText[]>
  /** The problems that kept it from being taken; none: it is kept. Rejects if it cannot be kept. */
  set(kind: TemplateKind, text: string): Promise<readonly TemplateProblem[]>
  restore(kind: TemplateKind): Promise<string>
}

export function createTemplates(store: Pick<StorePort, 'get' | 'put'>): Templates {
  const own = async (): Promise<Partial<Record<TemplateKind, string>>> => {
    const kept = await store.get(KEY)
    if (typeof kept !== 'object' || kept === null) return {}
    // One that an older program took, and this one does not, is not used.
    return Object.fromEntries(TEMPLATE_KINDS.flatMap((kind) => {
      const text = (kept as Record<string, unknown>)[kind]
      return typeof text === 'string' && parseTemplate(text).ok ? [[kind, text]] : []
    }))
  }
  return {
    text: async (kind) => (await own())[kind] ?? DEFAULT_TEMPLATES[kind],
    async list() {
      const kept = await own()
      return TEMPLATE_KINDS.map((kind) => ({ kind, text: kept[kind] ?? DEFAULT_TEMPLATES[kind], changed: kept[kind] !== undefined }))
    },
    async set(kind, text) {
      const parsed = parseTemplate(text)
      if (!parsed.ok) return parsed.problems
      const others = without(await own(), kind)
      await store.put(KEY, text === DEFAULT_TEMPLATES[kind] ? others : { ...others, [kind]: text })
      return []
    },
    async restore(kind) {
      const others = without(await own(), kind)
      await store.put(KEY, others)
      return DEFAULT_TEMPLATES[kind]
    },
  }
}

function without(kept: Partial<Record<TemplateKind, string>>, kind: TemplateKind): Partial<Record<TemplateKind, string>> {
  return Object.fromEntries(Object.entries(kept).filter(([each]) => each !== kind))
}
