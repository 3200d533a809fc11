/** Gates and clients of one test; whatever was opened is closed after it, the last first. */
import { afterEach } from 'vitest'
import { Client } from '../../dialogues/play.ts'
import { startGate } from '../../fakes/gate.ts'
import type { TestGate, TestGateOptions } from '../../fakes/gate.ts'

export const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

export async function gate(options: TestGateOptions = {}): Promise<TestGate> {
  const test = await startGate(options)
  open.push(() => test.stop())
  return test
}

export async function connect(test: TestGate): Promise<Client> {
  const client = await Client.connect(test.port)
  open.push(() => client.socket.destroy())
  return client
}
