/** GET /metrics: every family of CONTRACT, in a text that Prometheus reads. */
import { afterEach, describe, expect, test } from 'vitest'
import { createMetrics } from '../../../electron/console/metrics.ts'
import type { Metrics } from '../../../electron/console/metrics.ts'
import { DISPOSITIONS, FINDINGS } from '../../../shared/events.ts'
import { record } from './records.ts'
import { world } from './world.ts'

let metrics: Metrics
afterEach(() => metrics.close())

const steady = (text: string) => text.split('\n').filter((line) => line.startsWith('porch_') && !line.startsWith('porch_event_loop'))

describe('metrics', () => {
  test('sessions, findings, DNS, connections, backend, store', async () => {
    const { deps, store } = await world()
    metrics = createMetrics({ ...deps, resolver: { stats: () => ({ queries: { found: 3, nodata: 0, nxdomain: 1, servfail: 0, refused: 0, timeout: 2, malformed: 0 }, cacheHits: 5, caseBroken: [] }) } })
    deps.tally.count(record())
    deps.tally.count(record({ disposition: 'accepted', findings: [] }))
    store.record({ session: record(), evidence: [], transcript: [] })
    expect(steady(metrics.text())).toEqual([
      'porch_info{version="0.1.0"} 1',
      ...DISPOSITIONS.map((each) => `porch_sessions_total{disposition="${each}"} ${each === 'rejected' || each === 'accepted' ? 1 : 0}`),
      ...FINDINGS.map((each) => `porch_findings_total{finding="${each}"} ${each === 'ptr-missing' || each === 'ehlo-mismatch' ? 1 : 0}`),
      'porch_gate_total{event="early-talk"} 2', 'porch_connections_open 0', 'porch_console_streams 0',
      ...['found', 'nodata', 'nxdomain', 'servfail', 'refused', 'timeout', 'malformed'].map((status, index) => `porch_dns_queries_total{status="${status}"} ${[3, 0, 1, 0, 0, 2, 0][index]}`),
      'porch_dns_cache_hits_total 5', 'porch_canary_red 0', 'porch_canary_rounds_total{outcome="good"} 2', 'porch_canary_rounds_total{outcome="bad"} 1', 'porch_backend_up 1', 'porch_backend_latency_seconds 0.004',
      'porch_store_queue 0', 'porch_store_written_total 1', 'porch_store_dropped_total 0',
    ])
  })

  test('each line is a comment or a sample, and each family is announced before its samples', async () => {
    const { deps, resolver } = await world()
    metrics = createMetrics({ ...deps, resolver, gate: { ...deps.gate, counters: () => ({ 'a"b\\c\nd': 1 }) } })
    const lines = metrics.text().trimEnd().split('\n')
    const announced = new Set<string>()
    for (const line of lines) {
      const family = /^# TYPE (\w+) (?:counter|gauge)$/.exec(line)?.[1]
      if (family !== undefined) announced.add(family)
      else if (!line.startsWith('# HELP ')) {
        expect(line).toMatch(/^\w+(\{\w+="(?:[^"\\\n]|\\["\\n])*"(,\w+="(?:[^"\\\n]|\\["\\n])*")*\})? \d+(\.\d+)?(e-?\d+)?$/)
        expect(announced).toContain(/^\w+/.exec(line)?.[0])
      }
    }
    expect(announced).toContain('porch_event_loop_delay_seconds')
    expect(lines).toContain('porch_gate_total{event="a\\"b\\\\c\\nd"} 1')
  })
})
