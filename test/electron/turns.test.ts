/** One piece of work after the other. */
import { expect, test } from 'vitest'
import { createTurns } from '../../electron/turns.ts'

test('in the order in which they were asked for, one at a time; a failure is the asker’s own', async () => {
  const turns = createTurns()
  const told: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string, fails = false) => turns.next(() => new Promise<string>((resolve, reject) => {
    told.push(name)
    ends.push(() => (fails ? reject(new Error(name)) : resolve(name)))
  }))
  const first = work('first', true)
  const second = work('second')
  await expect.poll(() => told).toEqual(['first'])
  ends[0]!()
  await expect(first).rejects.toThrow('first')
  await expect.poll(() => told).toEqual(['first', 'second'])
  const done = turns.done()
  ends[1]!()
  expect(await second).toBe('second')
  await done
})
