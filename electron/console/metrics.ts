/** GET /metrics: the gate in Prometheus' text format (version 0.0.4). Labels come from our own fixed words only. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import type { BackendPort, CanaryPort, GatePort, ResolverPort, StorePort } from '../ports.ts'
import type { LiveHub } from './hub.ts'
import type { Tally } from './tally.ts'

export interface MetricsDeps {
  readonly version: string
  readonly gate: GatePort
  readonly tally: Tally
  readonly resolver: Pick<ResolverPort, 'stats'>
  readonly canary: CanaryPort
  readonly backend: Pick<BackendPort, 'health'>
  readonly store: Pick<StorePort, 'stats'>
  readonly hub: Pick<LiveHub, 'subscribers'>
}

export interface Metrics {
  /** The whole page. The event-loop delay is that since the last call. */
  text(): string
  close(): void
}

/** The histogram's timer; what it measures is this and the delay together. */
const SAMPLE_MS = 20

type Kind = 'counter' | 'gauge'
type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

export function createMetrics(deps: MetricsDeps): Metrics {
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_MS })
  delay.enable()
  return {
    text() {
      const page = [...gateLines(deps), ...dnsLines(deps), ...healthLines(deps), ...delayLines(delay)].join('\n')
      delay.reset()
      return `${page}\n`
    },
    close: () => void delay.disable(),
  }
}

function gateLines({ version, gate, tally, hub }: MetricsDeps): string[] {
  return [
    ...family('porch_info', 'gauge', 'The version that runs.', [[{ version }, 1]]),
    ...family('porch_sessions_total', 'counter', 'Finished sessions by disposition.', labelled('disposition', { ...zeros(DISPOSITIONS), ...tally.byDisposition() })),
    ...family('porch_findings_total', 'counter', 'Finished sessions by finding; a session may have several.', labelled('finding', { ...zeros(FINDINGS), ...tally.byFinding() })),
    ...family('porch_gate_total', 'counter', 'What the gate counts of its own work.', labelled('event', ownEvents(gate.counters()))),
    ...family('porch_connections_open', 'gauge', 'Open client connections.', [[{}, gate.openConnections()]]),
    ...family('porch_console_streams', 'gauge', 'Consoles that watch live.', [[{}, hub.subscribers()]]),
  ]
}

function dnsLines({ resolver, canary }: MetricsDeps): string[] {
  const { state, rounds } = canary.health()
  const { queries, cacheHits } = resolver.stats()
  return [
    ...family('porch_dns_queries_total', 'counter', 'DNS questions asked, by the status of the answer.', labelled('status', queries)),
    ...family('porch_dns_cache_hits_total', 'counter', 'DNS questions answered from the cache.', [[{}, cacheHits]]),
    ...family('porch_canary_red', 'gauge', 'Whether the canary says that our own DNS is sick.', [[{}, state === 'red' ? 1 : 0]]),
    ...family('porch_canary_rounds_total', 'counter', 'Rounds of questions whose answers are known.', labelled('outcome', rounds)),
  ]
}

function healthLines({ backend, store }: MetricsDeps): string[] {
  const { up, latencyMs } = backend.health()
  const { queued, written, dropped, bytes } = store.stats()
  return [
    ...family('porch_backend_up', 'gauge', 'Whether the last contact with the mail server succeeded.', [[{}, up ? 1 : 0]]),
    ...family('porch_backend_latency_seconds', 'gauge', 'How long the mail server last took to answer.', latencyMs === null ? [] : [[{}, latencyMs / 1000]]),
    ...family('porch_store_queue', 'gauge', 'Sessions that wait to be written.', [[{}, queued]]),
    ...family('porch_store_written_total', 'counter', 'Sessions written.', [[{}, written]]),
    ...family('porch_store_dropped_total', 'counter', 'Sessions that could not be kept.', [[{}, dropped]]),
    ...family('porch_store_bytes', 'gauge', 'Size of the database.', bytes === null ? [] : [[{}, bytes]]),
  ]
}

function delayLines(delay: ReturnType<typeof monitorEventLoopDelay>): string[] {
  const seconds = (nanoseconds: number) => (delay.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - SAMPLE_MS / 1000))
  return family('porch_event_loop_delay_seconds', 'gauge', 'How late the event loop ran since the last scrape.', [
    [{ quantile: '0.5' }, seconds(delay.percentile(50))],
    [{ quantile: '0.99' }, seconds(delay.percentile(99))],
    [{ quantile: '1' }, seconds(delay.max)],
  ])
}

/** The gate's own counts of dispositions and findings are the tally's once more. */
function ownEvents(counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counters).filter(([event]) => !/^(disposition|finding) /.test(event)))
}

/** A series that is there from the start, so that its first increase is seen. */
function zeros(labels: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(labels.map((label) => [label, 0]))
}

function labelled(name: string, values: Readonly<Record<string, number>>): Samples {
  return Object.entries(values).map(([label, value]) => [{ [name]: label }, value] as const)
}

function family(name: string, kind: Kind, help: string, samples: Samples): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${kind}`,
    ...samples.map(([labels, value]) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
      return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
    }),
  ]
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}
