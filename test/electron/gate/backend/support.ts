/** What the backend's tests share: settings, alarms, a client, and a whole transaction in one call. */
import { once } from 'node:events'
import net from 'node:net'
import { generate } from 'selfsigned'
import { createAlarms } from '../../../../electron/alarms.ts'
import { systemClock } from '../../../../electron/clock.ts'
import { createBackend } from '../../../../electron/gate/backend/backend.ts'
import type { BackendTimeouts } from '../../../../electron/gate/backend/timeouts.ts'
import type { BackendOutcome, BackendSession, ClientIdentity, EffectiveSettings, SettingsPort } from '../../../../electron/ports.ts'
import { effective } from '../../../../electron/settingsfile.ts'
import { parseSettings } from '../../../../shared/config.ts'
import type { SettingsInput } from '../../../../shared/config.ts'

export interface TestSettings extends SettingsPort {
  change(input: SettingsInput): void
}

function settingsOf(input: SettingsInput): EffectiveSettings {
  const parsed = parseSettings({ hostname: 'mx.shop.example', domains: ['shop.example'], ...input })
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  const whole = effective(parsed.value, 'porch.json')
  if (!whole.ok) throw new Error(whole.problems.join('; '))
  return whole.value
}

export function testSettings(input: SettingsInput): TestSettings {
  let current = settingsOf(input)
  const listeners = new Set<(settings: EffectiveSettings) => void>()
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mode: () => ({ mode: current.policy.mode, until: null }),
    setMode: () => Promise.resolve(false),
    change(next) {
      current = settingsOf(next)
      for (const listener of listeners) listener(current)
    },
  }
}

export const client: ClientIdentity = {
  address: '192.0.2.1', port: 40000, ourAddress: '198.51.100.2', ourPort: 25,
  verifiedName: 'mail.acme.example', nameTemporary: false, ehlo: 'mail.acme.example', protocol: 'ESMTP',
}

/** Short enough to be waited for where the backend stays silent; nothing else is decided by them. */
export const patient: Partial<BackendTimeouts> = { quit: 1000, probe: 3_600_000, retry: [3_600_000, 3_600_000] }

export function makeBackend(input: SettingsInput, timeouts: Partial<BackendTimeouts> = {}) {
  const alarms = createAlarms(systemClock)
  const settings = testSettings(input)
  const backend = createBackend({ settings, alarms, clock: systemClock, timeouts: { ...patient, ...timeouts } })
  return { backend, alarms, settings, codes: () => alarms.list().map((alarm) => alarm.code).sort() }
}

export function opened(result: Awaited<ReturnType<ReturnType<typeof createBackend>['connect']>>): BackendSession {
  if (result.kind === 'failed') throw new Error(`not opened: ${result.why}`)
  return result.session
}

/** The outcome as one line: "250 2.0.0 taken", or "failed: why". */
export function line(outcome: BackendOutcome): string {
  if (outcome.kind === 'failed') return `failed: ${outcome.why}`
  const { code, enhanced, text } = outcome.reply
  return [code, enhanced, text].filter((part) => part !== null && part !== '').join(' ')
}

/** Does a step after the other until one does not succeed; says at which, and with what outcome. */
export async function transaction(session: BackendSession, data = 'Subject: x\r\n\r\nhello\r\n'): Promise<string> {
  const mail = await session.mail('a@acme.example', [])
  if (mail.kind === 'failed' || mail.reply.code !== 250) return `mail ${line(mail)}`
  const rcpt = await session.rcpt('joe@shop.example', [])
  if (rcpt.kind === 'failed' || rcpt.reply.code !== 250) return `rcpt ${line(rcpt)}`
  const start = await session.data()
  if (start.kind === 'failed' || start.reply.code !== 354) return `data ${line(start)}`
  session.write(Buffer.from(data))
  return `dot ${line(await session.finish())}`
}

export async function certificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const made = await generate([{ name: 'commonName', value: 'fake.example' }], { keySize: 2048 })
  return { cert: made.cert, key: made.private }
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
