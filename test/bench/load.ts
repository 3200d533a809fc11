/**
 * The load generator, in a process of its own: `node load.ts JSON`. Each session comes from its own address 127.C.x.y.
 * Bounded by count and by time. Prints {"sessions","seconds","p50","p99","outcomes"}; with `hold`, keeps idle sessions open
 * and prints {"held"} when all are there, until stdin ends.
 */
import { connect } from 'node:net'

interface Load {
  readonly port: number
  readonly kind: 'refuse' | 'pass' | 'banned' | 'idle'
  readonly count: number
  readonly concurrent: number
  readonly seconds: number
  /** Second octet of the clients' addresses: the class in world.ts. */
  readonly octet: number
  /** How many addresses are used in turn; fewer than `count`: known clients. */
  readonly addresses: number
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load
const body = Buffer.from(`Subject: bench\r\n\r\n${'The quick brown fox jumps over the lazy dog, sixty-four chars.\r\n'.repeat(64)}.\r\n`)
const outcomes: Record<string, number> = {}
const times: number[] = []
const started = performance.now()
let begun = 0
let running = 0
let held = 0

function address(index: number): string {
  const n = index % load.addresses
  return `127.${load.octet + Math.floor(n / 63_500) * 10}.${Math.floor(n / 250) % 254}.${(n % 250) + 1}`
}

function session(index: number): void {
  const from = address(index)
  const begin = performance.now()
  const name = from.replaceAll('.', '-').replace(/^127/, 'mx')
  const lines = load.kind === 'banned'
    ? ['QUIT\r\n']
    : load.kind === 'idle'
      ? [`EHLO ${name}.bench.example\r\n`]
      : [`EHLO ${name}.bench.example\r\n`, 'MAIL FROM:<a@sender.example>\r\n', 'RCPT TO:<joe@shop.example>\r\n', ...(load.kind === 'pass' ? ['DATA\r\n', body] : []), 'QUIT\r\n']
  let said = 0
  let last = ''
  const socket = connect({ port: load.port, host: '127.0.0.1', localAddress: from, noDelay: true })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    last = error.code ?? 'error'
  })
  socket.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(10, -2)
    const code = chunk.toString('latin1', end + 1, end + 4)
    if (chunk[end + 4] !== 32) return
    const next = lines[said++]
    if (next === undefined) {
      if (load.kind !== 'idle') return
      held++
      if (held === load.count) console.log(JSON.stringify({ held }))
      return
    }
    if (next !== 'QUIT\r\n' || last === '') last = code
    if (next === 'QUIT\r\n') last = code
    socket.write(next)
  })
  socket.on('close', () => {
    outcomes[last] = (outcomes[last] ?? 0) + 1
    times.push(performance.now() - begin)
    running--
    more()
  })
}

function more(): void {
  const over = performance.now() - started > load.seconds * 1000
  while (running < load.concurrent && begun < load.count && !over) {
    running++
    session(begun++)
  }
  if (running === 0) {
    times.sort((a, b) => a - b)
    const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
    console.log(JSON.stringify({ sessions: times.length, seconds: (performance.now() - started) / 1000, p50: at(0.5), p99: at(0.99), outcomes }))
    process.exit(0)
  }
}

if (load.kind === 'idle') process.stdin.on('end', () => process.exit(0)).resume()
more()
