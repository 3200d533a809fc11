/**
 * The gate as a service, installed for real on a machine of its own (scratchroot.ts): `porch service` makes the account, the
 * folder and the unit; what the unit says is started as that account, listens on port 25, and refuses the founding case.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unitText } from '../../electron/service/unit.ts'
import { openScratchRoot, scratchRootMissing } from './scratchroot.ts'
import type { ScratchRoot } from './scratchroot.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const PORCH = join(ROOT, 'build', 'porch')
const DATA = '/var/lib/porch'
const LIVE = { hostname: 'mx.shop.example', listen: ['0.0.0.0:25'], domains: ['shop.example'], backend: '127.0.0.1:2526', dns: { canary: [] }, policy: { rules: 'house', mode: 'enforce' } }

const missing = scratchRootMissing()
if (missing !== null) console.warn(`SKIPPED: test/e2e/service.test.ts: ${missing}`)

describe.skipIf(missing !== null)(`the service, on a machine of its own ${missing ?? ''}`, () => {
  let machine: ScratchRoot
  beforeAll(async () => {
    machine = await openScratchRoot()
  })
  afterAll(() => machine.close())

  const porch = (...args: string[]) => machine.run(PORCH, ...args)
  const status = () => JSON.parse(porch('service', 'status', '--json').stdout) as { installed: boolean; enabled: boolean; running: boolean; pid: number | null; console: string | null }
  const calls = () => machine.sh('cat /run/fake-systemd/calls').stdout.trim().split('\n')
  const foundingCase = () => JSON.parse(machine.run(process.execPath, join(ROOT, 'test/e2e/foundingcase.ts'), '25').stdout) as string[]

  test('nothing there: said, exit 1; only root may install', () => {
    expect(porch('service', 'status')).toMatchObject({ code: 1, stdout: 'the service is not installed\n' })
    expect(machine.run('setpriv', '--reuid', 'nobody', '--clear-groups', PORCH, 'service', 'install')).toMatchObject({ code: 2, stderr: 'porch: this needs root; run it with sudo\n' })
    expect(porch('service', 'remove')).toMatchObject({ code: 0, stdout: 'nothing to do: the service is not installed\n' })
  })

  test('never two gates on the folder: a gate that runs there keeps the service away', () => {
    machine.sh(`mkdir ${DATA}; ${PORCH} serve --data ${DATA} >/tmp/gate.out 2>&1 & echo $! >/tmp/gate.pid; until grep -q console: /tmp/gate.out; do sleep 0.1; done`)
    expect(porch('service', 'install')).toMatchObject({ code: 2, stderr: `porch: a gate runs on ${DATA} already (a desktop window, or porch serve): stop it first\n` })
    machine.sh('pid=$(cat /tmp/gate.pid); kill $pid; while [ -d /proc/$pid ] && ! grep -q "State:.*Z" /proc/$pid/status; do sleep 0.1; done')
    machine.sh(`rm -r ${DATA}`)
  })

  test('installed: account, folder, copy of the program, unit; it runs, and says how to undo it', () => {
    const installed = porch('service', 'install')
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    expect(installed.stdout).toContain('the account porch is made')
    expect(installed.stdout).toContain('/etc/systemd/system/porch.service is written')
    expect(installed.stdout).toMatch(/console: http:\/\/127\.0\.0\.1:8525\/\?token=/)
    expect(installed.stdout).toContain('to undo: porch service remove')
    const now = status()
    expect(now).toMatchObject({ installed: true, enabled: true, running: true, console: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8525\/\?token=[\w-]{43}$/) as string })
    expect(machine.sh(`stat -c '%U:%G %a' ${DATA} ${DATA}/gate.json ${DATA}/console.token ${DATA}/journal.sqlite`).stdout.split('\n').slice(0, 4))
      .toEqual(['porch:porch 750', 'porch:porch 640', 'porch:porch 600', 'porch:porch 600'])
    const process = machine.sh(`grep -E '^(Uid|Gid|CapEff|CapBnd|CapAmb|NoNewPrivs|Umask):' /proc/${now.pid}/status`).stdout
    const uid = machine.sh('id -u porch').stdout.trim()
    expect(process).toMatch(new RegExp(`Uid:\\s${uid}\\s${uid}\\s${uid}`))
    expect(process).toMatch(/CapEff:\s0000000000000400/)
    expect(process).toMatch(/CapBnd:\s0000000000000400/)
    expect(process).toMatch(/NoNewPrivs:\s1/)
    expect(machine.sh(`readlink /proc/${now.pid}/exe`).stdout.trim()).toBe('/usr/local/lib/porch/node')
  })

  test('again: nothing changes, and the gate is not disturbed', () => {
    const before = status().pid
    const again = porch('service', 'install')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('nothing to do: the service is installed and runs')
    expect(status().pid).toBe(before)
  })

  test('live, on port 25, as the account: the founding case is refused', () => {
    machine.run('sh', '-c', `printf %s '${JSON.stringify(LIVE)}' >${DATA}/porch.json; chown porch:porch ${DATA}/porch.json; systemctl restart porch; until [ -e ${DATA}/gate.json ]; do sleep 0.1; done`)
    expect(foundingCase()[3]).toMatch(/^550 5\.7\.25 .*216\.33\.111\.150/)
    expect(porch('sessions', '--data', DATA, '--json').stdout).toContain('"disposition":"rejected"')
  })

  test('a member of the group reaches it, another account does not', () => {
    machine.sh('useradd --create-home ann; useradd --create-home bob; usermod -aG porch ann')
    const as = (who: string, ...args: string[]) => machine.run('setpriv', '--reuid', who, '--regid', who, '--init-groups', PORCH, ...args)
    expect(as('ann', 'rules', '--data', DATA)).toMatchObject({ code: 0 })
    expect(as('ann', 'service', 'status').stdout).toMatch(/console: {4}http:/)
    expect(as('bob', 'rules', '--data', DATA)).toMatchObject({ code: 2 })
    const told = as('bob', 'service', 'status')
    expect(told).toMatchObject({ code: 0 })
    expect(told.stdout).toContain('told to root and to members of the group porch only')
    expect(as('ann', 'backup', '/tmp/ann.sqlite', '--data', DATA)).toMatchObject({ code: 1, stderr: `porch: ${DATA} belongs to another account; run this as root\n` })
  })

  test('root’s commands reach the gate, and without one leave nothing behind that it could not use', () => {
    expect(porch('ban', '192.0.2.1', '--data', DATA)).toMatchObject({ code: 0 })
    expect(porch('backup', '/root/running.sqlite', '--data', DATA)).toMatchObject({ code: 0 })
    machine.sh('systemctl stop porch')
    expect(porch('ban', '192.0.2.2', '--data', DATA)).toMatchObject({ code: 0 })
    expect(porch('mode', 'observe', '--data', DATA)).toMatchObject({ code: 0 })
    expect(porch('backup', '/root/stopped.sqlite', '--data', DATA)).toMatchObject({ code: 0 })
    expect(machine.sh(`find ${DATA} ! -user porch; ls ${DATA} | grep backup`).stdout).toBe('')
    expect(machine.sh("stat -c '%U %a' /root/running.sqlite /root/stopped.sqlite /root/stopped.sqlite.settings.json").stdout).toBe('root 600\nroot 600\nroot 600\n')
    machine.sh(`systemctl start porch; until [ -e ${DATA}/gate.json ]; do sleep 0.1; done`)
    expect(porch('rules', '--data', DATA, '--json').stdout.trim().split('\n')).toHaveLength(2)
  })

  test('a gate that cannot start: its own words, and exit 2', () => {
    machine.sh(`cp -p ${DATA}/porch.json /root/good.json; echo '{"rules":1}' >${DATA}/porch.json; systemctl stop porch`)
    const failed = porch('service', 'install')
    expect(failed.code).toBe(2)
    expect(failed.stderr).toMatch(/^porch: the service is installed, but the gate does not answer: \/var\/lib\/porch\/porch\.json: .*rules/)
    machine.sh(`cp -p /root/good.json ${DATA}/porch.json`)
    expect(porch('service', 'install')).toMatchObject({ code: 0 })
  })

  test('removed: stopped, the data kept; installed again it goes on with it', () => {
    const removed = porch('service', 'remove')
    expect(removed).toMatchObject({ code: 0, stderr: '' })
    expect(removed.stdout).toContain(`the data stays in ${DATA}`)
    expect(machine.sh(`ls /etc/systemd/system/porch.service /usr/local/lib/porch; pgrep -u porch`).stdout).toBe('')
    expect(status()).toMatchObject({ installed: false, running: false })
    expect(porch('service', 'install')).toMatchObject({ code: 0 })
    expect(porch('rules', '--data', DATA, '--json').stdout).toContain('192.0.2.2')
  })

  test('purged: data and account are gone', () => {
    expect(porch('service', 'remove', '--purge')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.sh(`ls -d ${DATA}; getent passwd porch; getent group porch`).stdout).toBe('')
    expect(calls()).toContain('systemctl disable --now porch.service')
  })

  test('the data of one’s own gate is taken along, and not twice', () => {
    const own = '/root/.local/share/porch'
    expect(porch('service', 'install', '--take-data', '/nowhere')).toMatchObject({ code: 2 })
    machine.sh(`mkdir -p ${own}; echo joe >${own}/help.txt; printf '{"shop":{"name":"Shop"},"domainsFile":"domains"}' >${own}/porch.json; echo shop.example >${own}/domains`)
    expect(porch('ban', '192.0.2.77', '--data', own)).toMatchObject({ code: 0 })
    const taken = porch('service', 'install', '--take-data', own)
    expect(taken).toMatchObject({ code: 0, stderr: '' })
    expect(taken.stdout).toContain(`${own} is copied to ${DATA}`)
    expect(porch('rules', '--data', DATA, '--json').stdout).toContain('192.0.2.77')
    expect(machine.sh(`find ${DATA} ! -user porch; cat ${DATA}/help.txt ${DATA}/domains`).stdout).toBe('joe\nshop.example\n')
    expect(machine.sh(`ls ${own}/journal.sqlite`).code).toBe(0)
    porch('service', 'remove')
    expect(porch('service', 'install', '--take-data', own).stderr).toContain('nothing is copied over it')
  })

  test('a unit of that name that is not ours is left alone', () => {
    machine.sh('porch() { :; }; echo "[Unit]" >/etc/systemd/system/porch.service')
    expect(porch('service', 'install')).toMatchObject({ code: 2, stderr: "porch: /etc/systemd/system/porch.service is not Porch's own; move it away first\n" })
    expect(porch('service', 'remove')).toMatchObject({ code: 2 })
  })
})

const folder = mkdtempSync(join(tmpdir(), 'porch-unit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).status === 0
if (!analyze) console.warn('SKIPPED: test/e2e/service.test.ts: systemd-analyze is not installed')

describe.skipIf(!analyze)(`what systemd thinks of the unit ${analyze ? '' : 'systemd-analyze is not installed'}`, () => {
  const unit = join(folder, 'porch.service')
  // Programs that are there: verify looks for them.
  writeFileSync(unit, unitText({ node: process.execPath, script: PORCH, dataDir: DATA }))

  test('verify has nothing to say about it', () => {
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', unit], { encoding: 'utf8' })
    expect(`${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes('porch'))).toEqual([])
    expect(verified.status).toBe(0)
  })

  test('its exposure is below 2 of 10', () => {
    const secured = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', '--no-pager', unit], { encoding: 'utf8' })
    expect(secured.stdout).toMatch(/Overall exposure level for porch\.service: [01]\.\d /)
    expect(secured.status).toBe(0)
  })
})
