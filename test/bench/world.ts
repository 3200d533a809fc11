/**
 * The world around a gate under load, in a process of its own: a name server that answers by rule (no zone to load) and a
 * mail server that takes everything. Prints {"dns":port,"backend":port}.
 * 127.1.x.y has a confirmed name mx-1-x-y.bench.example; 127.2.x.y has none, though mx-2-x-y leads to it. DELAY_MS slows each answer.
 */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import packet from 'dns-packet'
import type { Answer, Packet } from 'dns-packet'

/** What a negative answer is kept by (RFC 2308); without it nothing would be, and no client would ever be known. */
const SOA = { mname: 'ns.bench.example', rname: 'hostmaster.bench.example', serial: 1, refresh: 3600, retry: 600, expire: 86_400, minimum: 900 }

const delay = Number(process.env.DELAY_MS ?? 0)

function answersTo(name: string, type: string): { found: Answer[]; exists: boolean } {
  const owner = name.toLowerCase()
  const reverse = /^(\d+)\.(\d+)\.1\.127\.in-addr\.arpa$/.exec(owner)
  if (reverse !== null && type === 'PTR') {
    return { found: [{ type: 'PTR', name, ttl: 3600, data: `mx-1-${reverse[2]}-${reverse[1]}.bench.example` }], exists: true }
  }
  const forward = /^mx-([12])-(\d+)-(\d+)\.bench\.example$/.exec(owner)
  if (forward !== null && type === 'A') {
    return { found: [{ type: 'A', name, ttl: 3600, data: `127.${forward[1]}.${forward[2]}.${forward[3]}` }], exists: true }
  }
  return { found: [], exists: forward !== null }
}

const dns = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
dns.on('message', (message, from) => {
  const asked = packet.decode(message)
  const question = asked.questions?.[0]
  if (question === undefined) return
  const { found, exists } = answersTo(question.name, question.type)
  const reply: Packet = { id: asked.id, type: 'response', flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (exists ? 0 : 3), questions: [question], answers: found }
  if (found.length === 0) reply.authorities = [{ type: 'SOA', name: question.name.split('.').slice(-2).join('.'), ttl: 900, data: SOA }]
  const wire = packet.encode(reply)
  if (delay === 0) dns.send(wire, from.port, from.address)
  else setTimeout(() => dns.send(wire, from.port, from.address), delay)
})

const sink = createServer({ noDelay: true }, (socket) => {
  let inData = false
  let tail = ''
  socket.on('error', () => undefined)
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (chunk: Buffer) => {
    if (inData) {
      tail = (tail + chunk.subarray(-5).toString('latin1')).slice(-5)
      if (tail !== '\r\n.\r\n') return
      inData = false
      socket.write('250 2.0.0 Ok\r\n')
      return
    }
    for (const line of chunk.toString('latin1').split('\r\n')) {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') socket.write('250-sink\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT\r\n250 8BITMIME\r\n')
      else if (verb === 'XCLI') socket.write('220 sink ESMTP\r\n')
      else if (verb === 'DATA') {
        inData = true
        tail = ''
        socket.write('354 go\r\n')
      } else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n')
      else if (verb !== '') socket.write('250 2.1.0 Ok\r\n')
    }
  })
})

dns.bind(0, '127.0.0.1', () => {
  sink.listen({ port: 0, host: '127.0.0.1', backlog: 16384 }, () => {
    console.log(JSON.stringify({ dns: dns.address().port, backend: (sink.address() as { port: number }).port }))
  })
})
