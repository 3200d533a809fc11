/** A backend that fails, at each stage, in each way (RELIABILITY, Faults): what the gate is told. */
import { afterEach, describe, expect, it } from 'vitest'
import { drop, endlessLine, endlessReply, garbage, say, silent, startBackend } from '../../../fakes/backend.ts'
import type { FakeBackend, FakeScript, FakeStage, FakeStep } from '../../../fakes/backend.ts'
import { certificate, client, freePort, makeBackend, opened, transaction } from './support.ts'

const tls = await certificate()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function fake(script: FakeScript): Promise<FakeBackend> {
  const backend = await startBackend(script)
  closers.push(() => backend.close())
  return backend
}

/** What a client's transaction comes to with this script: "connect failed: …" or the stage at which it ended. */
async function run(script: FakeScript, timeouts = {}): Promise<string> {
  const server = await fake({ offers: ['STARTTLS', 'XCLIENT NAME ADDR'], tls, ...script })
  const { backend } = makeBackend({ backend: server.address }, timeouts)
  closers.push(() => { backend.close() })
  const result = await backend.connect(client)
  if (result.kind === 'failed') return `connect failed: ${result.why}`
  const end = await transaction(result.session)
  result.session.quit()
  return end
}

const ways: readonly (readonly [string, FakeStep])[] = [
  ['4xx', say('450 4.2.0 not now')],
  ['5xx', say('550 5.7.1 never')],
  ['530', say('530 5.7.0 authenticate')],
  ['421', say('421 4.3.2 closing')],
  ['drop', drop],
  ['reset', { do: 'reset' }],
  ['garbage', garbage],
  ['unfit', say('299 what')],
  ['two codes', say('250-a', '550 b')],
  ['bare line feed', { do: 'write', octets: '250 ok\n' }],
  ['endless line', endlessLine],
  ['endless reply', endlessReply],
]

/** The stage's own name in a reason. */
const named: Readonly<Record<string, string>> = {
  banner: 'the connection', ehlo: 'EHLO', starttls: 'STARTTLS', xclient: 'XCLIENT', mail: 'MAIL', rcpt: 'RCPT', data: 'DATA', dot: 'the message',
}

describe.each(['banner', 'ehlo', 'starttls', 'xclient'] as const)('before MAIL nothing of it is the client’s: %s', (stage) => {
  it.each(ways)('%s', async (way, step) => {
    expect(await run({ [stage]: step })).toMatch(/^connect failed: /)
    expect(await run({ [stage]: step })).toBe(`connect failed: ${reason(stage, way)}`)
  })
})

describe.each(['mail', 'rcpt', 'data', 'dot'] as const)('the class of a reply is kept: %s', (stage) => {
  it.each(ways)('%s', async (way, step) => {
    const kept = way === '4xx' ? '450 4.2.0 not now' : way === '5xx' ? '550 5.7.1 never' : null
    expect(await run({ [stage]: step })).toBe(`${stage} ${kept ?? `failed: ${reason(stage, way)}`}`)
  })
})

function reason(stage: FakeStage, way: string): string {
  const to = named[stage] ?? ''
  switch (way) {
    case '4xx':
      return `answered ${to} with 450 4.2.0 not now`
    case '5xx':
      return `answered ${to} with 550 5.7.1 never`
    case '530':
      return `answered ${to} with 530 5.7.0 authenticate`
    case '421':
      return `answered ${to} with 421 4.3.2 closing`
    case 'drop':
      return `closed the connection instead of answering ${to}`
    case 'reset':
      return 'broke the connection (ECONNRESET)'
    case 'garbage':
      return 'sent not a reply: "?? garbage"'
    case 'unfit':
      return `answered ${to} with 299 what`
    case 'two codes':
      return 'sent codes 250 and 550 in one reply'
    case 'bare line feed':
      return 'sent a bare line feed in a reply'
    case 'endless line':
      return 'sent a reply line of more than 2048 octets'
    default:
      return 'sent a reply of more than 128 lines'
  }
}

describe('a silent backend is not waited for beyond the stage’s deadline', () => {
  const short = { banner: 50, handshake: 50, command: 50, dot: 50 }
  it.each(['banner', 'ehlo', 'starttls', 'xclient', 'mail', 'rcpt', 'data', 'dot'] as const)('%s', async (stage) => {
    const early = ['banner', 'ehlo', 'starttls', 'xclient'].includes(stage)
    const key = early ? (stage === 'banner' ? 'banner' : 'handshake') : stage === 'dot' ? 'dot' : 'command'
    const outcome = await run({ [stage]: silent }, { [key]: short[key] })
    expect(outcome).toBe(`${early ? 'connect' : stage} failed: did not answer ${named[stage]} within 0.05 s`)
  })
})

it('nobody there', async () => {
  const { backend } = makeBackend({ backend: `127.0.0.1:${await freePort()}` })
  closers.push(() => { backend.close() })
  expect(await backend.connect(client)).toEqual({ kind: 'failed', why: 'cannot be reached (ECONNREFUSED)' })
})

it('a name that does not exist', async () => {
  const { backend } = makeBackend({ backend: 'nowhere.invalid:25' })
  closers.push(() => { backend.close() })
  const result = await backend.connect(client)
  expect(result.kind === 'failed' && /^cannot be reached \((ENOTFOUND|EAI_AGAIN)\)$/.test(result.why)).toBe(true)
})

describe('replies out of turn', () => {
  it('a second reply to MAIL is not taken for the one to RCPT', async () => {
    expect(await run({ mail: say('250 ok', '250 really') })).toBe('rcpt failed: talked out of turn')
  })

  it('an answer in the middle of the data vouches for nothing', async () => {
    const server = await fake({ duringData: say('250 2.0.0 taken') })
    const { backend } = makeBackend({ backend: server.address, backendIdentity: 'none' })
    closers.push(() => { backend.close() })
    const session = opened(await backend.connect(client))
    await session.mail('', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    const closed = server.next('closed')
    session.write(Buffer.from('Subject: x\r\n'))
    await closed
    expect(await session.finish()).toEqual({ kind: 'failed', why: 'talked out of turn' })
    expect(server.connections.at(-1)?.dots).toBe(0)
  })

  it('after a failure every further step fails at once', async () => {
    const server = await fake({ mail: drop })
    const { backend } = makeBackend({ backend: server.address, backendIdentity: 'none' })
    closers.push(() => { backend.close() })
    const session = opened(await backend.connect(client))
    const failed = { kind: 'failed', why: 'closed the connection instead of answering MAIL' }
    expect([await session.mail('', []), await session.rcpt('a@b', []), await session.data(), await session.finish(), await session.rset()]).toEqual(Array(5).fill(failed))
    expect(session.write(Buffer.from('x'))).toBe(true)
    await session.drained()
    session.abort()
    session.quit()
  })
})
