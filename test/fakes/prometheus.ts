/** A strict reader of Prometheus' text format 0.0.4: what a scraper would take, and an error in words for anything else. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*,?)?\\})? (NaN|[+-]Inf|[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)(?: -?\\d+)?$`)
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']

export function readPrometheus(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, { type: string; help: string; samples: Sample[]; seen: Set<string> }>()
  let current: string | null = null
  const enter = (name: string) => {
    if (name !== current && families.has(name)) throw new Error(`${name} comes in several places`)
    current = name
    const family = families.get(name) ?? { type: '', help: '', samples: [], seen: new Set<string>() }
    families.set(name, family)
    return family
  }
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line)
    if (comment !== null) {
      const [, kind = '', name = '', rest = ''] = comment
      const family = enter(name)
      if (family.samples.length > 0) throw new Error(`${kind} of ${name} after its samples`)
      if (kind === 'TYPE') {
        if (!TYPES.includes(rest) || family.type !== '') throw new Error(`TYPE of ${name}: ${rest}`)
        family.type = rest
      } else {
        if (family.help !== '' || /\\(?![\\n])/.test(rest)) throw new Error(`HELP of ${name}: ${rest}`)
        family.help = rest
      }
      continue
    }
    if (line.startsWith('#')) continue
    const sample = SAMPLE.exec(line)
    if (sample === null) throw new Error(`no sample: ${line}`)
    const [, name = '', pairs = ''] = sample
    const family = enter(name)
    if (family.type === '') throw new Error(`${name} has no TYPE`)
    const labels: Record<string, string> = {}
    for (const [, key = '', value = ''] of pairs.matchAll(new RegExp(LABEL, 'g'))) {
      if (key in labels) throw new Error(`${name}: label ${key} twice`)
      labels[key] = value.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    }
    const series = JSON.stringify(Object.entries(labels).sort())
    if (family.seen.has(series)) throw new Error(`${name}${series} twice`)
    family.seen.add(series)
    const value = Number((sample.at(-1) ?? '').replace('Inf', 'Infinity'))
    if (family.type === 'counter' && !(value >= 0)) throw new Error(`${name}: a counter of ${value}`)
    family.samples.push({ labels, value })
  }
  return families
}
