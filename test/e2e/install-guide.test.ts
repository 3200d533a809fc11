/**
 * docs/install.md, done: its commands for Linux are run as they stand there, in its order, on a machine of its own (scratchroot.ts)
 * with Debian's Postfix, a name server and two senders. What the guide promises of each is looked at.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratchRoot, scratchRootMissing } from './scratchroot.ts'
import type { Ran, ScratchRoot } from './scratchroot.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const GUIDE = readFileSync(join(ROOT, 'docs/install.md'), 'utf8')
const DATA = '/var/lib/porch'

/** The block that follows `<!-- tried: NAME -->`. */
function block(name: string): string {
  const found = new RegExp(`<!-- tried: ${name} -->\\n\`\`\`\\w*\\n([^]*?)\\n\`\`\``).exec(GUIDE)?.[1]
  if (found === undefined) throw new Error(`docs/install.md has no block "${name}"`)
  return found
}

const missing = scratchRootMissing() ?? (existsSync('/usr/lib/postfix/sbin/master') ? null : 'Postfix is not installed (run build/debian.sh)') ?? (existsSync('/usr/sbin/nft') ? null : 'nft is not installed (run build/debian.sh)')
if (missing !== null) console.warn(`SKIPPED: test/e2e/install-guide.test.ts: ${missing}`)

describe.skipIf(missing !== null)(`the guide, followed ${missing ?? ''}`, () => {
  let machine: ScratchRoot
  /** Each line must succeed. */
  const tried = (name: string): Ran => {
    const ran = machine.sh(`set -e\n${block(name)}`)
    expect(ran, `${name}: ${ran.stderr}`).toMatchObject({ code: 0 })
    return ran
  }
  const knock = (...args: string[]) => JSON.parse(machine.run(process.execPath, join(ROOT, 'test/e2e/foundingcase.ts'), '25', ...args).stdout) as string[]
  const whenUp = () => machine.sh(`until [ -e ${DATA}/gate.json ]; do sleep 0.1; done`)
  const GOOD = ['198.51.100.25', 'mail.acme.example', 'joe@shop.example']

  beforeAll(async () => {
    machine = await openScratchRoot()
    // The office server as it was before: Postfix on port 25 takes mail for joe@shop.example.
    const made = machine.sh(`set -e
      ln -s ${ROOT}/build/porch /usr/local/bin/porch
      useradd --create-home joe
      cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf 2>/dev/null || true
      cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
      postconf -e compatibility_level=3.6 myhostname=mail.shop.example mydestination=shop.example,localhost alias_maps= alias_database= inet_protocols=ipv4 maillog_file=/var/log/postfix.log
      newaliases 2>/dev/null || true
      touch /var/log/postfix.log
      postfix start`)
    if (made.code !== 0) throw new Error(`${made.stdout}${made.stderr}`)
  })
  afterAll(async () => {
    machine.sh('postfix stop')
    await machine.close()
  })

  test('Linux: the service, and a colleague who may use it', () => {
    expect(machine.run('porch', 'service', 'install')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.run('porch', 'service', 'status')).toMatchObject({ code: 0 })
    expect(machine.sh('usermod -aG porch joe && id -nG joe').stdout).toContain('porch')
  })

  test('Postfix makes room, and the port behind the gate is closed to others', () => {
    expect(machine.sh("ss -ltn 'sport = :25' | tail -n +2").stdout).not.toBe('')
    tried('postfix')
    machine.sh("until ss -ltn | grep -q 127.0.0.1:2526; do sleep 0.1; done; while ss -ltn | grep -q ':25 '; do sleep 0.1; done")
    tried('firewall')
    expect(machine.sh('nft list ruleset').stdout).toMatch(/iifname != "lo" tcp dport 2526 drop/)
  })

  test('live, in observe: a good host’s mail arrives with its own address, the founding case is let in and marked', () => {
    machine.sh(`cat >${DATA}/porch.json <<'END'\n${block('settings')}\nEND`)
    expect(tried('golive').stdout).toContain(`${DATA}/porch.json is in order`)
    whenUp()
    const good = knock(...GOOD)
    expect(good.at(-2)).toMatch(/^250 2\.0\.0 /)
    expect(machine.sh('cat /var/log/postfix.log').stdout).toMatch(/client=mail\.acme\.example\[198\.51\.100\.25\]/)
    expect(knock()[3]).toMatch(/^250 /)
    expect(machine.run('porch', 'sessions', '--data', DATA, '--disposition', 'would-reject', '--json').stdout).toContain('"client":"216.33.111.150"')
    expect(knock('198.51.100.25', 'mail.acme.example', 'someone@elsewhere.example')[3]).toMatch(/^550 5\.7\.1 /)
  })

  test('the mail server relays for nobody behind the gate, even without it', () => {
    const direct = JSON.parse(machine.run(process.execPath, join(ROOT, 'test/e2e/foundingcase.ts'), '2526', '127.0.0.1', 'localhost', 'x@elsewhere.example').stdout) as string[]
    expect(direct[0]).toMatch(/^220 mail\.shop\.example ESMTP Postfix/)
    expect(direct[3]).toMatch(/^[45]54 [45]\.7\.1 .*Relay access denied/)
  })

  test('the week, and enforcing', () => {
    tried('observe')
    // The last line of the block observes for an hour: back to enforcing.
    expect(machine.run('porch', 'mode', 'enforce', '--data', DATA)).toMatchObject({ code: 0 })
    expect(knock()[3]).toMatch(/^550 5\.7\.25 /)
    expect(knock(...GOOD).at(-2)).toMatch(/^250 2\.0\.0 /)
  })

  test('the certificate is readable by the service', () => {
    machine.sh('mkdir -p /etc/ssl/mx; openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mx.shop.example -days 30 -keyout /etc/ssl/mx/privkey.pem -out /etc/ssl/mx/fullchain.pem 2>/dev/null || cp -r /var/lib/porch/tls/. /etc/ssl/mx/')
    machine.sh('cd /etc/ssl/mx; [ -e fullchain.pem ] || { cp cert.pem fullchain.pem; cp key.pem privkey.pem; }')
    tried('certificate')
    expect(machine.sh(`setpriv --reuid porch --regid porch --clear-groups cat ${DATA}/mx.key >/dev/null`).code).toBe(0)
  })

  test.each(['while the gate runs', 'while it does not'])('backup and restore, %s', (when) => {
    const before = machine.run('porch', 'rules', '--data', DATA, '--json').stdout
    const sessions = machine.run('porch', 'sessions', '--data', DATA, '--json').stdout
    expect(before).toContain('192.0.2.25')
    if (when === 'while it does not') machine.sh('systemctl stop porch')
    tried('backup')
    if (when === 'while it does not') machine.sh(`systemctl start porch`)
    whenUp()
    // Gone since: to be found again.
    expect(machine.run('porch', 'disallow', '192.0.2.25', '--data', DATA)).toMatchObject({ code: 0 })
    tried('restore')
    whenUp()
    expect(machine.run('porch', 'rules', '--data', DATA, '--json').stdout).toBe(before)
    expect(machine.run('porch', 'sessions', '--data', DATA, '--json').stdout).toBe(sessions)
    expect(machine.sh(`diff ${DATA}/porch.json /var/backups/porch.sqlite.settings.json`).code).toBe(0)
    expect(knock()[3]).toMatch(/^550 5\.7\.25 /)
    machine.sh(`rm -r ${DATA}.before`)
  })

  test('uninstalled, and port 25 given back as the guide says', () => {
    expect(machine.run('porch', 'service', 'remove')).toMatchObject({ code: 0 })
    const undo = [...GUIDE.matchAll(/`(postconf -M[^`]*)`/g)].map(([, command]) => command ?? '')
    expect(undo).toHaveLength(2)
    expect(machine.sh(['set -e', ...undo, 'postfix reload'].join('\n'))).toMatchObject({ code: 0 })
    expect(machine.sh("for i in $(seq 50); do ss -ltn | grep -q ':25 ' && exit 0; sleep 0.1; done; exit 1").code).toBe(0)
  })
})

test('every block of commands for Linux in the guide is tried here or in the tests of the packages', () => {
  const blocks = [...GUIDE.matchAll(/(<!-- tried: (\w+) -->\n)?```(\w*)\n([^]*?)\n```/g)]
  const untried = blocks.filter(([, , name]) => name === undefined).map(([, , , , text]) => text?.split('\n')[0])
  // The packages' own test, the service's own test, Windows, and Exim (which build/debian.sh has without PROXY).
  expect(untried).toEqual([expect.stringMatching(/^apt install/), expect.stringMatching(/^porch service status/), expect.stringMatching(/^cd "C:/), 'local_interfaces = 127.0.0.1'])
})
