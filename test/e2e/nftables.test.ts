/**
 * Rules and the real nft, in a network namespace of its own (nothing of this machine's firewall is touched): what is exported is loaded,
 * twice, and what nft then lists is imported as the same rules.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from './porch.ts'

const NFT = '/usr/sbin/nft'

function isThere(): boolean {
  const there = existsSync(NFT) && spawnSync('unshare', ['-n', NFT, 'list', 'ruleset']).status === 0
  if (!there) console.warn(`SKIPPED: ${NFT} is not installed, or may not run in a namespace of its own; nothing was tested against it`)
  return there
}

let dir: string
beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'porch-nft-')) })
afterAll(() => { rmSync(dir, { recursive: true, force: true }) })
const porch = (data: string, ...args: string[]) => runCli(['--data', join(dir, data), ...args])

test.skipIf(!isThere())('exported, loaded by nft, listed, imported: the same bans', async () => {
  const list = join(dir, 'list.csv')
  writeFileSync(list, `scope,kind,reason,until
192.0.2.1,ban,"says ""$(x)"", `+'`y`'+` } # { ; retries",2036-01-01T00:00:00Z
192.0.2.0/24,ban,the network around it,2030-01-01T00:00:00Z
198.51.100.0/22,ban,,
203.0.113.9,ban,${'long '.repeat(60)},
2001:db8::/64,ban,six,2030-01-01T00:00:00Z
2001:db8:1::/48,ban,,
203.0.113.64/26,ban,,
203.0.113.70,allow,partner,
.outlook.com,allow,,
`)
  expect(await porch('one', 'rules', 'import', list)).toMatchObject({ code: 0, stdout: '9 rules imported\n' })
  const exported = await porch('one', 'rules', 'export', '--format', 'nftables')
  const file = join(dir, 'bans.nft')
  writeFileSync(file, exported.stdout)
  const listed = spawnSync('unshare', ['-n', 'sh', '-e', '-c', `${NFT} -f "$1"; ${NFT} -f "$1"; ${NFT} list ruleset`, 'sh', file], { encoding: 'utf8' })
  expect([listed.status, listed.stderr]).toEqual([0, ''])
  const back = join(dir, 'listed.nft')
  writeFileSync(back, listed.stdout)
  expect(await porch('two', 'rules', 'import', back)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^porch: no gate runs on [^\n]+\n$/) as string })
  const rules = async (data: string) => (await porch(data, 'rules', '--json')).stdout.trim().split('\n').map((line) => JSON.parse(line) as { kind: string; scope: string; reason: string; until: string | null })
  // 192.0.2.1 lasts longer than the network around it, which is therefore split: what is banned, and until when, is the same.
  const there = new Map((await rules('two')).map((rule) => [rule.scope, rule]))
  const here = (await rules('one')).filter(({ kind }) => kind === 'ban')
  for (const { scope, reason, until } of here.filter((rule) => !['192.0.2.0/24', '203.0.113.64/26'].includes(rule.scope))) {
    const rule = there.get(scope)
    expect([scope, rule?.reason.slice(0, 20)]).toEqual([scope, reason.replaceAll('"', "'").slice(0, 20)])
    expect(until === null ? rule?.until === null : Math.abs(Date.parse(rule?.until ?? '') - Date.parse(until)) < 60_000).toBe(true)
  }
  expect([...there.keys()].filter((scope) => scope.startsWith('192.0.2.')).sort()).toEqual(['192.0.2.0', '192.0.2.1', '192.0.2.128/25', '192.0.2.16/28', '192.0.2.2/31', '192.0.2.32/27', '192.0.2.4/30', '192.0.2.64/26', '192.0.2.8/29'])
  // The whitelist beats a ban: what it names is cut out of the network, though only bans are exported.
  expect([...there.keys()].filter((scope) => /^203\.0\.113\.(?!9$)/.test(scope)).sort()).toEqual(['203.0.113.64/30', '203.0.113.68/31', '203.0.113.71', '203.0.113.72/29', '203.0.113.80/28', '203.0.113.96/27'])
  expect((await porch('one', 'rules', 'export', '--format', 'nftables', '--kind', 'allow')).stdout).toContain('set allow4')
})
