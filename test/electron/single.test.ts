/** One round at a time. */
import { expect, test } from 'vitest'
import { single } from '../../electron/single.ts'

test('who asks while a round is under way has its outcome; the next one begins anew, also after a failure', async () => {
  const ends: ((outcome: number | Error) => void)[] = []
  const work = single(() => new Promise<number>((resolve, reject) => ends.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)))))
  await work.idle()
  const [first, second] = [work.run(), work.run()]
  expect(ends).toHaveLength(1)
  ends[0]!(1)
  expect([await first, await second]).toEqual([1, 1])
  const failing = work.run()
  ends[1]!(new Error('no'))
  await expect(failing).rejects.toThrow('no')
  await work.idle()
  const third = work.run()
  ends[2]!(3)
  await work.idle()
  expect(await third).toBe(3)
})
