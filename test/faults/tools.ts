/** What the tests of faults share: mail as a client sends it, and the gate's own state as its console sees it. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GateState } from '../../shared/api.ts'
import type { SettingsInput } from '../../shared/config.ts'
import { clientOf } from '../../electron/cli/remote.ts'
import { smtpClient } from '../e2e/client.ts'
import type { ClientOptions, SmtpClient } from '../e2e/client.ts'
import type { Porch } from '../e2e/porch.ts'

/** Loopback is exempt by default, so that mail flows whatever DNS says; 127.0.0.2 may carry other addresses. */
export function settingsOf(backend: string, more: SettingsInput = {}): SettingsInput {
  return { hostname: 'mx.shop.example', domains: ['shop.example'], backend, proxyProtocolFrom: ['127.0.0.2'], backendIdentity: 'none', dns: { servers: ['127.0.0.1:9'], canary: [] }, ...more }
}

type Place = { readonly port: number }

/** A client that has said EHLO; with `from` its address is carried by PROXY. */
export async function greeted(place: Place, from?: string, ehlo = 'mail.sender.example'): Promise<SmtpClient> {
  const options: ClientOptions = from === undefined ? { port: place.port } : { port: place.port, host: '127.0.0.2', from }
  const client = await smtpClient(options)
  await client.reply()
  await client.say(`EHLO ${ehlo}`)
  return client
}

/** A client up to the answer to its RCPT. */
export async function recipient(place: Place, from?: string, ehlo?: string): Promise<{ readonly client: SmtpClient; readonly reply: string }> {
  const client = await greeted(place, from, ehlo)
  await client.say('MAIL FROM:<ann@sender.example>')
  return { client, reply: await client.say('RCPT TO:<joe@shop.example>') }
}

/** A client within DATA; `text` has been sent, the dot has not. */
export async function withinData(place: Place, text = 'Subject: x\r\n\r\nx\r\n'): Promise<SmtpClient> {
  const { client } = await recipient(place)
  const reply = await client.say('DATA')
  if (!reply.startsWith('354')) throw new Error(`DATA: ${reply}`)
  client.send(text)
  return client
}

/** Sends one message; the last reply, which is the first that refuses or the one to the dot. */
export async function send(place: Place, from?: string, ehlo?: string): Promise<string> {
  const { client, reply } = await recipient(place, from, ehlo)
  try {
    if (!reply.startsWith('250')) return reply
    const data = await client.say('DATA')
    if (!data.startsWith('354')) return data
    client.send('Subject: x\r\n\r\nx\r\n')
    return await client.say('.')
  } finally {
    client.end()
  }
}

/** The console's API, as a browser with the token has it. */
export function consoleOf(porch: Porch): ReturnType<typeof clientOf> {
  const { origin, searchParams } = new URL(porch.ready.console)
  return clientOf({ pid: porch.process.pid ?? 0, url: origin, token: searchParams.get('token') ?? '' })
}

/** The console's state, as soon as it is as asked. */
export async function stateWhen(porch: Porch, as: (state: GateState) => boolean): Promise<GateState> {
  const { state } = consoleOf(porch)
  const until = performance.now() + 40_000
  for (;;) {
    const now = await state.get()
    if (as(now)) return now
    if (performance.now() > until) throw new Error(`the state never came to be so; last: ${JSON.stringify(now)}`)
    await sleep(50)
  }
}

/** The codes of the alarms that stand. */
export function alarmCodes(state: GateState): readonly string[] {
  return state.alarms.map(({ code }) => code)
}

/** One number of GET /metrics. */
export async function metric(porch: Porch, name: string): Promise<number> {
  const text = await (await fetch(porch.ready.metrics)).text()
  return Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1])
}

export function residentMegabytes(porch: Porch): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${porch.process.pid}/status`, 'utf8'))?.[1]) / 1024
}
