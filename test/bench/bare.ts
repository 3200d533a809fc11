/** The bound: what bare Node costs for the same dialogue, without parsing, DNS or journal. `node bare.ts refuse|flood|idle` or `pass PORT` (a TCP proxy). */
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

const [mode = 'refuse', backend] = process.argv.slice(2)
const banner = Buffer.from('220 bare ESMTP\r\n')
const ehlo = Buffer.from('250-bare\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n')
const ok = Buffer.from('250 2.1.0 Ok\r\n')
const refusal = Buffer.from('550 5.7.25 Client host rejected: cannot find your host name\r\n')
const bye = Buffer.from('221 2.0.0 Bye\r\n')
const blocked = Buffer.from('554 5.7.1 blocked\r\n')

function dialogue(socket: Socket): void {
  socket.on('error', () => undefined)
  if (mode === 'flood') {
    socket.write(blocked)
    socket.on('data', () => socket.end(bye))
    return
  }
  if (mode === 'pass') {
    const out = connect({ port: Number(backend), host: '127.0.0.1', noDelay: true })
    out.on('error', () => socket.destroy())
    socket.pipe(out).pipe(socket)
    return
  }
  let stage = 0
  socket.write(banner)
  socket.on('data', () => {
    const replies = [ehlo, ok, refusal]
    const reply = replies[stage++]
    if (reply === undefined) socket.end(bye)
    else socket.write(reply)
  })
}

const server = createServer({ noDelay: true }, dialogue)
server.listen({ port: 0, host: '127.0.0.1', backlog: 16384 }, () => {
  console.log(JSON.stringify({ port: (server.address() as { port: number }).port }))
})
