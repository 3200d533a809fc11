/** Plays every scene under every rule set: the whole judgement, and what the advice says of it. */
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../shared/events.ts'
import { FINDINGS } from '../../shared/events.ts'
import { judge } from '../../shared/gate/verdict.ts'
import { advise } from '../../shared/notice/advice.ts'
import { founding } from './founding.ts'
import { greetings } from './greetings.ts'
import { hostile } from './hostile.ts'
import { names } from './names.ts'
import { ours } from './ours.ts'
import { remedies } from './remedies.ts'
import { reverse } from './reverse.ts'
import { senders2002 } from './senders2002.ts'
import { sixes } from './sixes.ts'
import { temporary } from './temporary.ts'
import { gate, gather, repaired, RULE_SETS, stepText, zoneLines } from './scene.ts'
import type { Scene } from './scene.ts'

const themes: Readonly<Record<string, Readonly<Record<string, Scene>>>> = {
  founding, reverse, greetings, ours, names, temporary, sixes, hostile, senders2002, remedies,
}

const words = (text: string) => text.split(' ').filter((word) => word !== '')

/** The judgement that a scene's line promises. */
function promised(scene: Scene, rules: (typeof RULE_SETS)[number]) {
  const [iprev, ...verifiedNames] = words(scene.reverse)
  const found = words(scene.found) as Finding[]
  const [code, enhanced, ...refusedFor] = words(scene[rules]) as [string, string, ...Finding[]]
  if (code === 'accept') return { verdict: 'accept', iprev, verifiedNames, findings: found, refusedFor: [], reply: null }
  const reply = { code: Number(code), enhanced, finding: refusedFor[0] }
  return code === '451'
    ? { verdict: 'tempfail', iprev, verifiedNames, findings: [...found, 'dns-temporary'], refusedFor, reply }
    : { verdict: 'reject', iprev, verifiedNames, findings: found, refusedFor, reply }
}

for (const [theme, scenes] of Object.entries(themes)) {
  describe(theme, () => {
    for (const [name, scene] of Object.entries(scenes)) {
      const lines = zoneLines(scene.zone, scene.client)
      const evidence = gather(lines, scene.client, scene.ehlo)

      test.each(RULE_SETS)(`${name}, %s`, (rules) => {
        const { verdict, iprev, verifiedNames, findings, refusedFor, reply } = judge(evidence, gate(rules))
        expect({ verdict, iprev, verifiedNames, findings, refusedFor, reply }).toEqual(promised(scene, rules))
      })

      test.each(RULE_SETS)(`${name}, %s: every remedy helps, and only as a whole`, (rules) => {
        const advice = advise(evidence, gate(rules), 'sender.example')
        expect(advice.length > 0).toBe(judge(evidence, gate(rules)).verdict === 'reject')
        const verdictAfter = (steps: (typeof advice)[number]['steps']) => judge(repaired(lines, scene.client, scene.ehlo, steps), gate(rules)).verdict
        for (const { steps } of advice) {
          expect([steps.map(stepText), verdictAfter(steps)]).toEqual([steps.map(stepText), 'accept'])
          for (const step of steps) expect([stepText(step), verdictAfter(steps.filter((other) => other !== step))]).not.toEqual([stepText(step), 'accept'])
        }
      })

      if (scene.remedies !== undefined) {
        test(`${name}: the remedies`, () => {
          expect(advise(evidence, gate('house'), 'sender.example').map(({ steps }) => steps.map(stepText))).toEqual(scene.remedies)
        })
      }
    }
  })
}

test('the scenes are many, and every finding stands in both families', () => {
  const scenes = Object.values(themes).flatMap((theme) => Object.values(theme))
  expect(scenes.length).toBeGreaterThanOrEqual(60)
  for (const family of [4, 6]) {
    const found = new Set(scenes.filter(({ client }) => client.includes(':') === (family === 6)).flatMap((scene) => words(`${scene.found} ${scene.house}`)))
    expect(FINDINGS.filter((finding) => !found.has(finding))).toEqual([])
  }
})
