/** The doctor of the console's double: a report with every level, whose findings come one by one. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import { AREAS, checkUp } from '../../shared/doctor/report.ts'
import type { DoctorReport } from '../../shared/doctor/report.ts'

const ANSWER = { question: { name: '1.2.0.192.zen.spamhaus.org', type: 'A' as const }, status: 'found' as const, records: ['127.0.0.4'], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' }

export const SAMPLE_REPORT: DoctorReport = {
  at: '2026-11-25T08:00:00.000Z', ms: 1200, practice: false, version: '0.1.0',
  checks: [
    checkUp('name', 'reverse 2001:db8::1', 'todo', '2001:db8::1 has no reverse name.', 'Create it. The reverse name is made by the owner of the address (your ISP or data centre):', { lines: ['1.0.0.0.ip6.arpa. IN PTR mx.shop.example.'] }),
    checkUp('blacklist', 'zen.spamhaus.org 192.0.2.1', 'bad', '192.0.2.1 is on zen.spamhaus.org: 127.0.0.4 (XBL: hijacked or infected).', 'Your job: find what sent the spam and stop it.', { answers: [ANSWER] }),
    checkUp('blacklist', 'dead.example', 'unknown', 'dead.example gave no usable answer (timeout).', 'It is asked again tomorrow.'),
    ...AREAS.filter((area) => area !== 'blacklist' && area !== 'name').map((area) => checkUp(area, '', 'ok', `The ${area} is in order.`, null, { evidence: ['< 250 ok'] })),
  ],
}

export function doctorDouble() {
  const os = implement(api).doctor
  return {
    get: os.get.handler(() => ({ report: SAMPLE_REPORT, running: false })),
    run: os.run.handler(async function* () {
      await Promise.resolve()
      for (const check of SAMPLE_REPORT.checks) yield { kind: 'check' as const, check }
      yield { kind: 'done' as const, report: SAMPLE_REPORT }
    }),
  }
}
