/** The headless console attacked: each promise of RELIABILITY's "Console and desktop" with the request that would break it. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startConsole } from '../../../electron/console/server.ts'
import type { ConsoleServer } from '../../../electron/console/server.ts'
import { newToken } from '../../../electron/console/token.ts'
import { world } from './world.ts'

const token = newToken()
let folder: string
let server: ConsoleServer
let port: number
let parts: Awaited<ReturnType<typeof world>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porch-console-'))
  await mkdir(join(folder, 'page/assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'page/index.html'), '<!doctype html><title>Porch</title>')
  await writeFile(join(folder, 'page/assets/main-AbCd1234.js'), 'export {}')
  parts = await world()
  server = await startConsole({ listen: '127.0.0.1:0', page: join(folder, 'page'), token, router: parts.router, metrics: () => 'porch_up 1\n', onError: (error) => parts.errors.push(error) })
  port = Number(new URL(server.url).port)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends exactly these octets (fetch would mend paths and headers) and reads until the other side closes. */
function raw(text: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...body] = answer.split('\r\n\r\n')
      const [status = '', ...lines] = head.split('\r\n')
      const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const)
      resolve({ status: Number(status.split(' ')[1]), headers: Object.fromEntries(headers), body: body.join('\r\n\r\n') })
    })
  })
}

const bearer = { authorization: `Bearer ${token}` }

function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body = ''): Promise<Reply> {
  const all = { host: `127.0.0.1:${port}`, connection: 'close', ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers }
  return raw(`${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/** The status with which an upgrade ends: 101 or the refusal's. */
function upgrade(headers: Readonly<Record<string, string>>, path = '/ws'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

const routes = ['/', '/index.html', '/assets/main-AbCd1234.js', '/metrics', '/healthz', '/rpc/state/get', '/nothing', '/%69ndex.html', '/ws']

describe('only this server’s own address', () => {
  const hosts = ['evil.example', 'evil.example:PORT', 'localhost', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example:PORT', 'localhost.:PORT', '[::ffff:127.0.0.1]:PORT', '0.0.0.0:PORT', 'user@127.0.0.1:PORT', '']
  test.each(routes)('a foreign Host is refused at %s, token or not', async (path) => {
    for (const host of hosts) {
      const reply = await ask(path, { ...bearer, host: host.replace('PORT', String(port)) })
      expect([host, reply.status]).toEqual([host, 403])
    }
  })

  test('a request without Host is refused', async () => {
    const reply = await raw(`GET / HTTP/1.0\r\nauthorization: Bearer ${token}\r\n\r\n`)
    expect(reply.status).toBe(403)
  })

  test.each(['127.0.0.1:PORT', 'localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])('%s is ours', async (host) => {
    expect((await ask('/', { ...bearer, host: host.replace('PORT', String(port)) })).status).toBe(200)
  })

  test.each(routes)('a foreign Origin is refused at %s', async (path) => {
    for (const origin of ['https://evil.example', 'null', `https://127.0.0.1:${port}`, `http://localhost:${port}`, 'http://127.0.0.1', `http://127.0.0.1:${port}.evil.example`, 'porch://console', 'file://']) {
      const reply = await ask(path, { ...bearer, origin })
      expect([origin, reply.status]).toEqual([origin, 403])
    }
  })

  test('what another site’s page loads from here is refused, even with the cookie', async () => {
    const cookie = `porch_${port}=${token}`
    for (const site of ['cross-site', 'same-site']) {
      expect((await ask('/assets/main-AbCd1234.js', { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' })).status).toBe(403)
      expect((await ask('/', { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).status).toBe(403)
      expect((await ask('/rpc/state/get', { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 'POST', '{}')).status).toBe(403)
    }
  })

  test('no answer permits another origin to read it', async () => {
    for (const path of routes) {
      const reply = await ask(path, { ...bearer, 'access-control-request-method': 'POST' }, path.startsWith('/rpc') ? 'OPTIONS' : 'GET')
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the token', () => {
  const guarded = routes.filter((path) => path !== '/healthz')
  test.each(guarded)('%s is refused without it, with a wrong, short, empty or nearly right one', async (path) => {
    const nearly = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    const tries: Record<string, string>[] = [
      {}, { authorization: 'Bearer ' }, { authorization: `Bearer ${nearly}` }, { authorization: `Bearer ${token}x` }, { authorization: `Basic ${token}` },
      { authorization: `Bearer ${'a'.repeat(5000)}` }, { cookie: `porch_${port}=` }, { cookie: `porch_${port}=${nearly}` }, { cookie: `porch_${port + 1}=${token}` }, { cookie: `xporch_${port}=${token}` },
    ]
    for (const headers of tries) expect((await ask(path, headers)).status).toBe(401)
    expect((await ask(`${path}?token=${nearly}`)).status).toBe(401)
    expect((await ask(`${path}?token=`)).status).toBe(401)
  })

  test('the refusal is a plain page that says how to get in, and gives nothing away', async () => {
    const reply = await ask('/')
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(reply.body).toContain('/?token=')
    expect(reply.body).not.toContain(token)
    expect(reply.body).not.toContain('<script')
  })

  test('in the address it becomes a cookie and leaves the address', async () => {
    const reply = await ask(`/?token=${token}`)
    expect([reply.status, reply.headers.location]).toEqual([303, '/'])
    expect(reply.headers['set-cookie']).toBe(`porch_${port}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`)
    expect((await ask('/', { cookie: `other=1; porch_${port}=${token}` })).status).toBe(200)
    expect((await ask(`/rules?token=${token}&ban=192.0.2.1`)).headers.location).toBe('/rules?ban=192.0.2.1')
  })

  test('the way in never leads elsewhere', async () => {
    for (const path of ['//evil.example/', '/%2fevil.example/', '/\\evil.example/', '/%5cevil.example/', 'http://evil.example/', '/%0d%0aset-cookie:x=1']) {
      const reply = await ask(`${path}?token=${token}`)
      expect([path, reply.status, reply.headers.location]).toEqual([path, 400, undefined])
    }
  })

  test('a link from another site asks once more from here, where the cookie comes along', async () => {
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await ask('/', navigation)).body).toContain('http-equiv="refresh"')
    expect((await ask('/', { ...navigation, 'sec-fetch-site': 'same-origin' })).body).not.toContain('http-equiv="refresh"')
  })

  test('/metrics takes the token in the address, as cookie and as Bearer', async () => {
    for (const reply of [await ask(`/metrics?token=${token}`), await ask('/metrics', bearer), await ask('/metrics', { cookie: `porch_${port}=${token}` })]) {
      expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'porch_up 1\n'])
    }
  })

  test('/healthz says only ok, to anyone', async () => {
    const reply = await ask('/healthz')
    expect([reply.status, reply.body]).toEqual([200, 'ok\n'])
  })
})

describe('paths', () => {
  const tricks = [
    '/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/..%5csecret.txt', '/%252e%252e/secret.txt', '/assets/%00', '/index.html%00.png',
    '/%', '/%zz', '/%c0%ae%c0%ae/secret.txt', '//secret.txt', '/assets//main-AbCd1234.js', '*', 'http://127.0.0.1/', `/${'a'.repeat(5000)}`, '/%23', '/a%3fb',
  ]
  test.each(tricks)('%s is refused', async (path) => {
    const reply = await ask(path, bearer)
    expect(reply.status).toBe(400)
    expect(reply.body).not.toContain('secret')
  })

  test.each(['/secret.txt', '/page/index.html', '/index.html/x.js', '/assets/main-AbCd1234.js.map', '/INDEX.HTML', '/constructor.js', '/__proto__.js'])('%s does not exist', async (path) => {
    expect((await ask(path, bearer)).status).toBe(404)
  })

  test('a folder is not listed, it is the page', async () => {
    for (const path of ['/', '/assets/', '/assets', '/rules', '/__proto__']) expect((await ask(path, bearer)).body).toBe('<!doctype html><title>Porch</title>')
  })

  test('files have their type and caching; unchanged ones are not sent again', async () => {
    const page = await ask('/index.html', bearer)
    expect([page.headers['content-type'], page.headers['cache-control']]).toEqual(['text/html; charset=utf-8', 'no-cache'])
    const script = await ask('/assets/main-AbCd1234.js', bearer)
    expect([script.headers['content-type'], script.headers['cache-control']]).toEqual(['text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'])
    expect((await ask('/index.html', { ...bearer, 'if-none-match': page.headers.etag ?? '' })).status).toBe(304)
    expect((await ask('/', bearer, 'HEAD')).body).toBe('')
  })

  test.each(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'POST'])('%s changes nothing', async (method) => {
    expect((await ask('/', bearer, method)).status).toBe(405)
  })
})

describe('every answer', () => {
  test.each([['/', 200], ['/nothing.js', 404], ['/%00', 400], ['/metrics', 200], ['/healthz', 200]] as const)('%s carries the security headers', async (path, status) => {
    const reply = await ask(path, bearer)
    expect(reply.status).toBe(status)
    expect(reply.headers).toMatchObject({
      'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer',
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; connect-src 'self' ws://127.0.0.1:${port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    })
  })

  test('a plain page may have its own little style, and nothing else', async () => {
    expect((await ask('/')).headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
  })

  test('a hostile Host never reaches the policy', async () => {
    const reply = await ask('/', { host: "x; script-src 'unsafe-inline'" })
    expect(reply.headers['content-security-policy']).not.toContain("script-src 'unsafe-inline'")
  })
})

describe('the WebSocket', () => {
  const own = () => ({ origin: `http://127.0.0.1:${port}`, cookie: `porch_${port}=${token}` })
  test('opens for the page, and for a program with the token', async () => {
    expect(await upgrade(own())).toBe(101)
    expect(await upgrade(bearer)).toBe(101)
  })

  test('is refused to other sites, even with the cookie', async () => {
    for (const origin of ['https://evil.example', 'null', `http://localhost:${port}`, `http://127.0.0.1:${port + 1}`]) expect(await upgrade({ ...own(), origin })).toBe(403)
    expect(await upgrade({ cookie: own().cookie, 'sec-fetch-site': 'cross-site' })).toBe(403)
  })

  test('is refused to a rebound name, without the token, and elsewhere', async () => {
    expect(await upgrade({ ...own(), host: `evil.example:${port}` })).toBe(403)
    expect(await upgrade({ origin: own().origin })).toBe(401)
    expect(await upgrade({ ...bearer, authorization: 'Bearer wrong' })).toBe(401)
    for (const path of ['/', '/rpc', '/ws/', '/%2fws', '/ws%2f..%2fws', '/%ff']) expect(await upgrade(own(), path)).toBe(404)
    expect(await upgrade(own(), '/%77s')).toBe(101)
  })
})

describe('bounds', () => {
  const call = { ...bearer, 'content-type': 'application/json' }
  test('an oversized body is refused, announced or not', async () => {
    expect((await ask('/rpc/check', { ...call, 'content-length': '300000' }, 'POST', '{')).status).toBe(413)
    const chunk = 'a'.repeat(65_536)
    const body = `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(5)}0\r\n\r\n`
    const reply = await raw(`POST /rpc/check HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${body}`)
    expect(reply.status).toBe(413)
  })

  test('oversized headers and broken requests are refused', async () => {
    expect((await ask('/', { ...bearer, 'x-long': 'a'.repeat(20_000) })).status).toBe(400)
    expect((await raw('nonsense\r\n\r\n')).status).toBe(400)
    expect((await raw(`POST /rpc/check HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`)).status).toBe(400)
  })

  test('malformed calls are answered as such, and the next one works', async () => {
    const hostile = ['', '{', 'null', '[]', '{"json":{"client":5}}', '{"json":null,"meta":[[99,"a"]]}', '{"json":{"__proto__":{"x":1}},"meta":[[1,"__proto__","x"]]}', `${'['.repeat(100_000)}`]
    for (const body of hostile) {
      const { status } = await ask('/rpc/check', call, 'POST', body)
      expect([body.slice(0, 40), status]).toEqual([body.slice(0, 40), 400])
    }
    for (const path of ['/rpc', '/rpc/', '/rpc/nothing', '/rpc/__proto__', '/rpc/state/constructor']) expect([path, (await ask(path, call, 'POST', '{}')).status]).toEqual([path, 404])
    expect((await ask('/rpc/state/get', call)).status).toBe(405)
    const state = await fetch(`${server.url}/rpc/state/get`, { method: 'POST', headers: call, body: '{}' })
    expect(((await state.json()) as { json: { hostname: string } }).json.hostname).toBe('mx.shop.example')
    expect(parts.errors).toEqual([])
  })

  test('requests that dawdle are cut, and the next one is served', async () => {
    const brisk = await startConsole({ listen: '127.0.0.1:0', page: folder, token, router: parts.router, metrics: () => '', onError: () => undefined, patienceMs: 100 })
    const head = `POST /rpc/state/get HTTP/1.1\r\nhost: ${new URL(brisk.url).host}\r\nauthorization: Bearer ${token}\r\n`
    const ended = (text: string) => new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(brisk.url).port), '127.0.0.1', () => socket.write(text))
      let answer = ''
      socket.on('data', (data) => (answer += data.toString())).on('close', () => resolve(answer)).on('error', () => undefined)
    })
    for (const text of ['', 'GET', head, `${head}content-length: 100\r\n\r\n{`]) expect((await ended(text)).split('\r\n')[0]).toMatch(/^$|^HTTP\/1.1 (400|408|413) /)
    expect((await fetch(`${brisk.url}/healthz`)).status).toBe(200)
    await brisk.close()
  })

  test('more connections than it keeps are dropped; when they go, the next one is served', async () => {
    const other = await startConsole({ listen: '127.0.0.1:0', page: folder, token, router: parts.router, metrics: () => '', onError: () => undefined })
    const { port: at } = new URL(other.url)
    let dropped = 0
    const sockets = await Promise.all(Array.from({ length: 300 }, () => new Promise<Socket>((resolve) => {
      const socket = connect(Number(at), '127.0.0.1', () => resolve(socket))
      socket.on('close', () => dropped++).on('error', () => undefined)
    })))
    await expect.poll(() => dropped).toBe(44)
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => fetch(`${other.url}/healthz`).then(({ status }) => status, () => 0)).toBe(200)
    await other.close()
  })

  test('a taken port is one clear line', async () => {
    const again = startConsole({ listen: `127.0.0.1:${port}`, page: folder, token, router: parts.router, metrics: () => '', onError: () => undefined })
    await expect(again).rejects.toThrow(`console: cannot listen on 127.0.0.1:${port}: the port is taken by another program`)
  })

  test('a gate without a built page says how to build it', async () => {
    const bare = await startConsole({ listen: '127.0.0.1:0', page: join(folder, 'nowhere'), token, router: parts.router, metrics: () => '', onError: () => undefined })
    const reply = await fetch(`${bare.url}/`, { headers: bearer })
    expect([reply.status, (await reply.text()).includes('npm run build')]).toEqual([503, true])
    await bare.close()
  })
})
