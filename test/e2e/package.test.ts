/**
 * The packages, made with a placeholder for Electron (build/pack.mjs): what is in them, against a list; the packed gate with
 * the Node it carries; the deb installed on a machine of its own (scratchroot.ts) by the real dpkg, its service started, the
 * founding case refused, upgraded, removed, purged. And the installer for Windows, as far as Debian's makensis can compile it.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratchRoot, scratchRootMissing } from './scratchroot.ts'
import type { ScratchRoot } from './scratchroot.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const OUT = join(ROOT, '.cache', 'package', 'out')
const RESOURCES = join(OUT, 'linux-unpacked', 'resources')
const DATA = '/var/lib/porch'
const LIVE = { hostname: 'mx.shop.example', listen: ['0.0.0.0:25'], domains: ['shop.example'], backend: '127.0.0.1:2526', dns: { canary: [] }, policy: { rules: 'house', mode: 'enforce' } }

/** Everything that may be in the archive and beside it. */
const ALLOWED = [
  /^package\.json$/, /^LICENSE$/,
  /^dist\/(desktop|node)\/[\w.-]+\.c?js$/, /^dist\/desktop\/tray\/[\w@.-]+\.png$/,
  /^dist\/renderer\/(index\.html|icon\.svg|assets\/[\w-]+\.(js|css|woff2))$/,
  /^node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/-]+\.js|prebuilds\/linux-(x64|arm64)\.node)$/,
]

/** The console's page as a browser gets it: the token is exchanged for a cookie. */
const FETCH = `
  const first = await fetch(process.argv[1], { redirect: 'manual' })
  const page = first.status === 200 ? first : await fetch(new URL(first.headers.get('location'), process.argv[1]), { headers: { cookie: first.headers.get('set-cookie').split(';')[0] } })
  process.stdout.write(await page.text())
`

const noLinux = process.platform === 'linux' ? null : 'packages for Debian are made on Linux'
const missing = noLinux ?? scratchRootMissing()
if (missing !== null) console.warn(`SKIPPED: test/e2e/package.test.ts: ${missing}`)

const filesIn = (dir: string) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))

describe.skipIf(noLinux !== null)(`what is in a package ${noLinux ?? ''}`, () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'build', 'pack.mjs'), '--placeholder', OUT], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  }, 300_000)

  test('the archive: nothing but what is allowed, no maps, no sources, one binary', () => {
    const archive = join(RESOURCES, 'app.asar')
    const held = listPackage(archive, { isPack: false }).map((path) => path.slice(1))
    const files = held.filter((path) => !held.some((other) => other.startsWith(`${path}/`)))
    expect(files.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))).toEqual([])
    expect(files.filter((path) => path.endsWith('.node'))).toHaveLength(1)
    for (const wanted of ['package.json', 'dist/desktop/main.js', 'dist/desktop/preload.cjs', 'dist/desktop/store-worker.js', 'dist/node/cli.js', 'dist/renderer/index.html']) expect(files).toContain(wanted)
    expect(statSync(archive).size).toBeLessThan(3_000_000)
  })

  test('beside it: what plain Node runs, the native module, the Node that runs it, and no more', () => {
    expect(filesIn(join(RESOURCES, 'app.asar.unpacked')).filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))).toEqual([])
    expect(readdirSync(RESOURCES).sort()).toEqual(['app.asar', 'app.asar.unpacked', 'node'])
    const all = filesIn(join(RESOURCES, 'app.asar.unpacked'))
    expect(all.filter((path) => path.endsWith('.node'))).toHaveLength(1)
    // Archive and unpacked parts, without the native one: the most that an upgrade changes.
    const size = all.filter((path) => !path.endsWith('.node')).reduce((sum, path) => sum + statSync(join(RESOURCES, 'app.asar.unpacked', path)).size, 0)
    expect(statSync(join(RESOURCES, 'app.asar')).size + size).toBeLessThan(6_000_000)
  })

  test('no path of the machine that built it, no map named', () => {
    for (const path of filesIn(join(RESOURCES, 'app.asar.unpacked')).filter((each) => /^dist\/node\/.*\.js$/.test(each))) {
      const text = readFileSync(join(RESOURCES, 'app.asar.unpacked', path), 'utf8')
      expect(text.includes(ROOT), path).toBe(false)
      expect(text.includes('sourceMappingURL='), path).toBe(false)
    }
  })

  test('the deb: scripts, desktop entry, icons, licence; all of it root’s', () => {
    const deb = join(OUT, readdirSync(OUT).find((name) => name.endsWith('.deb')) ?? '')
    const held = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' }).trim().split('\n')
    expect(held.filter((line) => !line.includes(' root/root '))).toEqual([])
    expect(held.filter((line) => /^.{5}w|^.{8}w/.test(line))).toEqual([])
    expect(held.filter((line) => line[3] === 's').map((line) => line.split(' ').at(-1))).toEqual(['./opt/Porch/chrome-sandbox'])
    for (const path of ['./usr/bin/porch', './opt/Porch/porch-desktop', './opt/Porch/resources/node', './usr/share/applications/porch.desktop', './usr/share/icons/hicolor/256x256/apps/porch.png', './usr/share/icons/hicolor/scalable/apps/porch.svg', './usr/share/doc/porch/copyright']) {
      expect(held.some((line) => line.endsWith(` ${path}`)), path).toBe(true)
    }
    expect(execFileSync('dpkg-deb', ['--field', deb, 'Package', 'Depends', 'Maintainer'], { encoding: 'utf8' })).toContain('Depends: libc6')
  })
})

describe.skipIf(missing !== null)(`the deb, on a machine of its own ${missing ?? ''}`, () => {
  let machine: ScratchRoot
  let deb: string
  beforeAll(async () => {
    machine = await openScratchRoot()
    deb = join(OUT, readdirSync(OUT).find((name) => name.endsWith('.deb')) ?? '')
  })
  afterAll(() => machine.close())

  const porch = (...args: string[]) => machine.run('porch', ...args)
  const status = () => JSON.parse(porch('service', 'status', '--json').stdout) as { installed: boolean; running: boolean; pid: number | null }
  const foundingCase = (port: string) => JSON.parse(machine.run(process.execPath, join(ROOT, 'test/e2e/foundingcase.ts'), port).stdout) as string[]
  const dpkg = (...args: string[]) => machine.run('dpkg', ...args)
  const REFUSED = /^550 5\.7\.25 .*216\.33\.111\.150/

  test('installed by dpkg: the account is there, no service yet, and how to get one is said', () => {
    const installed = dpkg('--install', deb)
    expect(installed).toMatchObject({ code: 0 })
    expect(installed.stdout).toContain('sudo porch service install')
    expect(machine.run('getent', 'passwd', 'porch').stdout).toContain(':/var/lib/porch:/usr/sbin/nologin')
    expect(status()).toMatchObject({ installed: false })
    expect(porch('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('the packed gate, headless, with the Node it carries: the founding case is refused', () => {
    machine.sh(`mkdir /tmp/own; printf %s '${JSON.stringify({ ...LIVE, listen: ['127.0.0.1:2600'], console: '127.0.0.1:0' })}' >/tmp/own/porch.json
      porch serve --data /tmp/own >/tmp/own.out 2>&1 & echo $! >/tmp/own.pid; until grep -q console: /tmp/own.out; do sleep 0.1; done`)
    expect(machine.sh('readlink /proc/$(cat /tmp/own.pid)/exe').stdout.trim()).toBe('/opt/Porch/resources/node')
    expect(foundingCase('2600')[3]).toMatch(REFUSED)
    expect(machine.run(process.execPath, '-e', FETCH, machine.sh("sed -n 's/^console: *//p' /tmp/own.out").stdout.trim()).stdout).toContain('<div id="root"')
    machine.sh('pid=$(cat /tmp/own.pid); kill $pid; while [ -d /proc/$pid ]; do sleep 0.1; done')
  })

  test('its service: in place, as the account, on port 25', () => {
    machine.sh(`install -d -o porch -g porch -m 750 ${DATA}; printf %s '${JSON.stringify(LIVE)}' >${DATA}/porch.json; chown porch:porch ${DATA}/porch.json`)
    expect(porch('service', 'install')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.sh('grep ^ExecStart= /etc/systemd/system/porch.service').stdout).toBe('ExecStart=/opt/Porch/resources/node --max-semi-space-size=16 --expose-gc /opt/Porch/resources/app.asar.unpacked/dist/node/cli.js serve --data /var/lib/porch --group-access\n')
    expect(machine.sh('ls /usr/local/lib/porch').code).not.toBe(0)
    expect(machine.sh(`stat -c %U /proc/${status().pid}`).stdout).toBe('porch\n')
    expect(foundingCase('25')[3]).toMatch(REFUSED)
    expect(porch('ban', '192.0.2.9', '--data', DATA)).toMatchObject({ code: 0 })
  })

  test('upgraded: another process, the same data', () => {
    const before = status().pid
    expect(dpkg('--install', deb)).toMatchObject({ code: 0 })
    const now = status()
    expect(now.running).toBe(true)
    expect(now.pid).not.toBe(before)
    expect(porch('rules', '--data', DATA, '--json').stdout).toContain('192.0.2.9')
  })

  test('removed: the gate is stopped, the data stay', () => {
    expect(dpkg('--remove', 'porch')).toMatchObject({ code: 0 })
    expect(machine.sh('pgrep -u porch; ls /opt/Porch /usr/bin/porch /etc/systemd/system/porch.service').stdout).toBe('')
    expect(machine.sh(`stat -c %U ${DATA}/journal.sqlite`).stdout).toBe('porch\n')
  })

  test('installed again it goes on; purged, data and account are gone', () => {
    expect(dpkg('--install', deb)).toMatchObject({ code: 0 })
    expect(porch('service', 'install')).toMatchObject({ code: 0 })
    expect(porch('rules', '--data', DATA, '--json').stdout).toContain('192.0.2.9')
    expect(dpkg('--purge', 'porch')).toMatchObject({ code: 0 })
    expect(machine.sh(`pgrep -f '[d]ist/node/cli.js'; ls -d ${DATA}; getent passwd porch; getent group porch`).stdout).toBe('')
  })
})

const makensis = existsSync('/usr/bin/makensis')
if (!makensis) console.warn('SKIPPED: test/e2e/package.test.ts: makensis is not installed (run build/debian.sh)')

describe.skipIf(!makensis)(`the installer for Windows ${makensis ? '' : 'makensis is not installed'}`, () => {
  test.each([['installer', []], ['uninstaller', ['-DBUILD_UNINSTALLER']]])('%s: what we add to it compiles, without a warning', (_name, defines) => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-nsis-'))
    try {
      const made = spawnSync('makensis', ['-WX', '-V2', '-INPUTCHARSET', 'UTF8', ...defines, `-DOUT=${join(dir, 'out.exe')}`, 'check.nsi'], { cwd: join(ROOT, 'build', 'windows'), encoding: 'utf8' })
      expect(`${made.stdout}${made.stderr}`).toBe('')
      expect(made.status).toBe(0)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
