// The settings file: CONTRACT's defaults, and for each kind of mistake a line that names the key and what was expected.
import { describe, expect, test } from 'vitest'
import { certificateFiles, checkSettings, exemptNetworks, helpPage, listenEndpoints, parseSettings, unsafe } from '../../shared/config.ts'

function valid(json: unknown) {
  const parsed = parseSettings(json)
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  return parsed.value
}

test('an empty file is practice mode with the contract’s defaults', () => {
  const settings = valid({})
  expect(settings).toEqual({
    domains: [], backendTls: 'offered', proxyProtocolFrom: [], dns: { timeoutMs: 2000, tries: 2 },
    policy: { rules: 'house', mode: 'enforce', graceDays: 3, rejectAt: 'rcpt', detail: 'full', replies: {} },
    bans: { strikes: 10, windowMinutes: 60, durationHours: 96, maxDurationHours: 768, quietDays: 90 },
    limits: { connections: 2000, perClient: 50, messageBytes: 52428800, recipients: 100, messages: 100, errors: 10 },
    console: '127.0.0.1:8525', shop: {}, doctor: { dnsbl: ['zen.spamhaus.org'] }, store: 'sqlite', retentionDays: 90,
  })
  expect(listenEndpoints(settings)).toEqual(['127.0.0.1:2525'])
  expect(exemptNetworks(settings)).toEqual([])
})

test('a backend makes it live: all addresses, and POLICY’s exempt networks', () => {
  const settings = valid({ backend: 'mail.shop.example:2526' })
  expect(listenEndpoints(settings)).toEqual(['0.0.0.0:25', '[::]:25'])
  expect(exemptNetworks(settings)).toContain('172.16.0.0/12')
  expect(exemptNetworks(valid({ backend: '127.0.0.1:2526', policy: { exempt: [] } }))).toEqual([])
})

describe('mistakes name the key and what was expected', () => {
  test.each<[string, unknown, string]>([
    ['not an object', [], 'settings: expected an object with '],
    ['an unknown key', { listne: [] }, 'listne: unknown key; did you mean "listen"?'],
    ['an unknown key inside', { policy: { rule: 'house' } }, 'policy.rule: unknown key; did you mean "rules"?'],
    ['a wrong type', { domains: 'shop.example' }, 'domains: expected a list of domains'],
    ['a wrong member', { listen: ['127.0.0.1:2525', 'localhost'] }, 'listen.1: expected an address with port'],
    ['a port that cannot be', { listen: ['127.0.0.1:70000'] }, 'listen.0: expected an address with port'],
    ['a wrong choice', { policy: { rules: 'strict' } }, 'policy.rules: expected one of "house", "standard", "lenient"'],
    ['a fraction', { limits: { errors: 1.5 } }, 'limits.errors: expected a whole number of errors from 1 to 10000'],
    ['a number as text', { limits: { errors: '10' } }, 'limits.errors: expected a whole number'],
    ['a pattern where one name is meant', { dns: { canary: ['*.shop.example'] } }, 'dns.canary.0: expected a host name'],
    ['null', { backend: null }, 'backend: expected a host or address with port'],
    ['host bits', { policy: { exempt: ['192.0.2.1/24'] } }, 'policy.exempt.0: expected an address or network'],
    ['an unknown finding', { policy: { replies: { 'ptr-gone': 'no' } } }, 'policy.replies.ptr-gone: unknown finding; known: ptr-missing'],
    ['an unknown field', { policy: { replies: { 'ptr-missing': 'see {link}' } } }, 'policy.replies.ptr-missing: expected one line of printable ASCII'],
    ['a reply with a line end', { policy: { replies: { 'ptr-missing': 'a\r\nb' } } }, 'policy.replies.ptr-missing: expected one line'],
    ['a certificate without its key', { tls: { cert: 'a.pem' } }, 'tls.key: expected the file of the private key'],
    ['a key without its certificate', { tls: { key: 'a.pem' } }, 'tls.cert: expected the file of the certificate'],
    ['a path with a NUL', { domainsFile: 'a\0b' }, 'domainsFile: expected a file path'],
    ['a line end in what goes into mails', { shop: { name: 'Shop\nBcc: x' } }, 'shop.name: expected a name'],
    ['beyond loopback in practice', { listen: ['0.0.0.0:25'] }, 'listen: "0.0.0.0:25" is beyond loopback, which needs a backend'],
    ['durations that contradict', { bans: { durationHours: 96, maxDurationHours: 95 } }, 'bans.maxDurationHours: expected at least'],
    ['a store that is not here', { store: 'postgres' }, 'store: expected one of "sqlite"'],
  ])('%s', (_name, json, problem) => {
    const parsed = parseSettings(json)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.problems[0]).toContain(problem)
  })

  test('an unknown key: what was probably meant, or a short list', () => {
    const told = (json: object) => {
      const checked = checkSettings(json)
      return checked.ok ? [] : checked.problems.map(({ message }) => message)
    }
    expect(told({ plicy: {} })).toEqual(['unknown key; did you mean "policy"?'])
    expect(told({ mode: 'observe' })).toEqual(['unknown key; did you mean "policy.mode"?'])
    expect(told({ url: 'x' })).toEqual(['unknown key; did you mean "helpPage.url" or "shop.url"?'])
    expect(told({ dns: { server: [] } })).toEqual(['unknown key; did you mean "servers"?'])
    expect(told({ dns: { frobnicate: 1 } })).toEqual(['unknown key; known here: servers, timeoutMs, tries, canary'])
    expect(told({ frobnicate: 1 })).toEqual([expect.stringMatching(/^unknown key; known here: hostname, listen, [\w, ]+ and \d+ more$/)])
    expect(told({ constructor: 1, ['x'.repeat(100_000)]: 1 })).toHaveLength(2)
  })

  test('what was found is repeated, shortened and harmless, but nothing that may be a secret', () => {
    const told = (json: unknown) => {
      const parsed = parseSettings(json)
      return parsed.ok ? [] : parsed.problems
    }
    expect(told({ policy: { mode: 'strict' } })).toEqual(['policy.mode: expected one of "enforce", "observe", "grace"; found "strict"'])
    expect(told({ listen: '127.0.0.1:25' })).toEqual(['listen: expected a list of addresses with port; found "127.0.0.1:25"'])
    expect(told({ listen: ['127.0.0.1:25', `\u202e\n${'x'.repeat(100)}`] })[0]).toMatch(/; found "\\u\{202e\}\\x0ax{55}\.\.\."$/)
    expect(told({ retentionDays: null })[0]).toMatch(/; found null$/)
    expect(told({ domains: {} })[0]).toMatch(/; found an object$/)
    expect(told([])[0]).toMatch(/; found a list$/)
    for (const secret of [{ notices: { smtp: 'joe:hunter2' } }, { backend: 'joe:hunter2@mail:25' }, { console: 'token=hunter2' }, { notices: { password: 'hunter2' } }]) expect(told(secret)[0]).not.toContain('hunter2')
  })

  test('every mistake is told, not only the first', () => {
    const parsed = parseSettings({ listne: 1, retentionDays: 0, policy: { mode: 'off' } })
    expect(parsed.ok ? [] : parsed.problems.map((line) => line.split(':')[0]).sort()).toEqual(['listne', 'policy.mode', 'retentionDays'])
  })
})

test('every key of every section may stand alone (CONTRACT: all keys optional), and empty sections say nothing', () => {
  for (const part of [
    { tls: {} }, { helpPage: {} }, { notices: {} }, { shop: {} }, { doctor: {} }, { dns: {} }, { policy: {} }, { bans: {} }, { limits: {} },
    { helpPage: { listen: '127.0.0.1:8080' } }, { helpPage: { url: 'https://help.shop.example' } },
    { notices: { rdap: 'https://rdap.example/bootstrap' } }, { notices: { smtp: '127.0.0.1:587' } }, { notices: { from: 'a@shop.example' } }, { notices: { user: 'porch' } }, { notices: { perDay: 5 } },
  ]) expect([part, parseSettings(part).ok]).toEqual([part, true])
  expect(valid({ notices: { rdap: 'https://rdap.example/' } }).notices).toEqual({ rdap: 'https://rdap.example/', perContactDays: 7, perDay: 20 })
})

test('half a help page: served here and reached at its address, or served elsewhere', () => {
  const page = (json: object) => helpPage(valid(json), 'mx.shop.example')
  expect(page({})).toBeUndefined()
  expect(page({ helpPage: {} })).toBeUndefined()
  expect(page({ helpPage: { listen: '0.0.0.0:8080' } })).toEqual({ listen: '0.0.0.0:8080', url: 'http://mx.shop.example:8080' })
  expect(page({ helpPage: { listen: '[::1]:8080' } })).toEqual({ listen: '[::1]:8080', url: 'http://[::1]:8080' })
  expect(page({ helpPage: { url: 'https://help.shop.example' } })).toEqual({ url: 'https://help.shop.example' })
})

test.each(['https://help.shop.example/porch/?q', 'https://help.shop.example?', 'https://help.shop.example/#top', 'https://help.shop.example/a#'])('helpPage.url "%s": pages could not stand below it', (url) => {
  const checked = checkSettings({ helpPage: { url } })
  expect(checked.ok ? [] : checked.problems).toEqual([{ path: 'helpPage.url', message: expect.stringContaining('without "?" or "#"') as string }])
  expect(checkSettings({ shop: { url } }).ok).toBe(true)
  expect(valid({ helpPage: { url: 'https://help.shop.example/porch/' } }).helpPage?.url).toBe('https://help.shop.example/porch/')
})

test('a certificate is both files or none', () => {
  expect(certificateFiles(valid({ tls: {} }))).toBeUndefined()
  expect(certificateFiles(valid({ tls: { cert: 'a', key: 'b' } }))).toEqual({ cert: 'a', key: 'b' })
})

test('a console beyond loopback is allowed, and warned of', () => {
  for (const console of ['127.0.0.1:0', '[::1]:9', '127.9.9.9:1']) expect(unsafe(valid({ console }))).toEqual([])
  for (const console of ['0.0.0.0:9625', '[::]:9625', '192.0.2.1:9625']) expect(unsafe(valid({ console }))).toEqual([{ path: 'console', message: expect.stringContaining(`"${console}" can be reached from other machines`) as string }])
})

describe('a gate that would deliver to itself', () => {
  const problems = (json: object) => {
    const checked = checkSettings(json)
    return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`)
  }
  test.each<[string[] | undefined, string]>([
    [['127.0.0.1:3634'], '127.0.0.1:3634'], [['0.0.0.0:3634'], '127.0.0.1:3634'], [['0.0.0.0:3634'], '127.0.0.9:3634'], [['[::]:3634'], '[::1]:3634'], [['[::1]:3634'], '[::1]:3634'],
    [['127.0.0.1:3634'], 'localhost:3634'], [['[::]:3634'], 'localhost:3634'], [['192.0.2.1:25'], '192.0.2.1:25'], [['127.0.0.1:26', '0.0.0.0:25'], '127.0.0.1:25'],
    [['127.0.0.1:3634'], '0.0.0.0:3634'], [undefined, '127.0.0.1:25'], [undefined, 'localhost:25'],
  ])('listen %j, backend %s', (listen, backend) => {
    expect(problems({ ...(listen === undefined ? {} : { listen }), backend })).toEqual([`backend: "${backend}" is where this gate itself listens: mail would run in a circle; expected the port of the mail server behind it, such as "127.0.0.1:2526"`])
  })
  test.each<[string[], string]>([
    [['127.0.0.1:25'], '127.0.0.1:2526'], [['0.0.0.0:25'], '192.0.2.9:25'], [['127.0.0.1:0'], '127.0.0.1:9'], [['0.0.0.0:25'], 'mail.shop.example:25'], [['127.0.0.1:25'], '127.0.0.2:25'],
    // An IPv6 listener takes IPv6 alone: a mail server may have the other one.
    [['[::]:25'], '127.0.0.1:25'],
  ])('no circle: listen %j, backend %s', (listen, backend) => {
    expect(problems({ listen, backend })).toEqual([])
  })
})

test('two listeners on one address and port are a mistake here, not another program’s', () => {
  const paths = (json: object) => {
    const checked = checkSettings({ backend: 'mail.shop.example:25', ...json })
    return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`)
  }
  expect(paths({ listen: ['127.0.0.1:3633', '127.0.0.1:3633'] })).toEqual(['listen.1: "127.0.0.1:3633" is taken by listen.0 ("127.0.0.1:3633") already; expected another port'])
  expect(paths({ listen: ['127.0.0.1:25', '0.0.0.0:25'] })).toEqual([expect.stringMatching(/^listen\.1: /)])
  expect(paths({ listen: ['127.0.0.1:8525'] })).toEqual([expect.stringMatching(/^console: "127\.0\.0\.1:8525" is taken by listen\.0/)])
  expect(paths({ helpPage: { listen: '0.0.0.0:25' } })).toEqual([expect.stringMatching(/^helpPage\.listen: .* taken by listen\.0/)])
  expect(paths({ helpPage: { listen: '0.0.0.0:8525' } })).toEqual([expect.stringMatching(/^helpPage\.listen: .* taken by console/)])
  expect(paths({ listen: ['127.0.0.1:0', '127.0.0.1:0'], console: '127.0.0.1:0', helpPage: { listen: '127.0.0.1:0' } })).toEqual([])
  expect(paths({ listen: ['0.0.0.0:25', '[::]:25', '[::1]:26', '127.0.0.1:26'] })).toEqual([])
})

test('what spans keys is told all at once, each at its key', () => {
  const checked = checkSettings({ listen: ['0.0.0.0:25'], bans: { durationHours: 96, maxDurationHours: 1 }, tls: { key: 'k' } })
  expect(checked.ok ? [] : checked.problems.map(({ path }) => path)).toEqual(['listen', 'bans.maxDurationHours', 'tls.cert'])
})
