/** Banned clients whose verified names might be on the whitelist: what they hear while that is looked up. */
import net from 'node:net'
import { expect, test as check } from 'vitest'
import type { GatherPort } from '../../../electron/ports.ts'
import { fakeGather } from '../../fakes/gate.ts'
import type { FakeRules } from '../../fakes/gate.ts'
import { connect, gate, open } from './opened.ts'

check('so many banned clients wait for their names that there is no room: the next ones are put off, not refused for good', async () => {
  const test = await gate({ dns: 'silent' })
  test.rules.put('ban', '127.0.0.0/8')
  test.rules.put('allow', '.good.example')
  const waiting = Array.from({ length: 1000 }, () => net.connect(test.port, '127.0.0.1').on('error', () => undefined))
  open.push(() => { for (const socket of waiting) socket.destroy() })
  await expect.poll(() => test.gather.begun.length, { timeout: 10_000 }).toBe(1000)
  const late = await connect(test)
  await late.hear('421 4.4.3 *')
  await late.closed()
}, 30_000)

check('the admin changes the rules while a banned client’s name is looked up: what holds at the end counts', async () => {
  for (const [change, greeting] of [[(rules: FakeRules) => rules.take('ban', '127.0.0.0/8'), '220 *'], [(rules: FakeRules) => rules.put('allow', '127.0.0.1'), '220 *'], [() => undefined, '421 4.4.3 *']] as const) {
    let answered: () => void = () => undefined
    const held = fakeGather(() => 'temporary')
    const gather: GatherPort = {
      begin: (client, options) => {
        const gathering = held.begin(client, options)
        return { ...gathering, ptrSide: () => new Promise<void>((resolve) => (answered = resolve)).then(() => gathering.ptrSide()) }
      },
    }
    const test = await gate({ deps: { gather } })
    test.rules.put('ban', '127.0.0.0/8')
    test.rules.put('allow', '.good.example')
    const client = await connect(test)
    await expect.poll(() => held.begun.length).toBe(1)
    change(test.rules)
    answered()
    await client.hear(greeting)
  }
})
