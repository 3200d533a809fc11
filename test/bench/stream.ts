/**
 * The console's double as a source of load, in a process of its own: `node stream.ts HISTORY`. Prints {"url"}; a line "rate N" on
 * stdin streams N sessions a second from then on, "fill N" sends so many as fast as the page takes them. Ends with stdin.
 */
import { createInterface } from 'node:readline'
import { ConsoleGate } from '../fakes/consolegate.ts'

const gate = new ConsoleGate({ history: Number(process.argv[2] ?? 0), spacing: 20, keep: 120_000 })
await gate.start()
console.log(JSON.stringify({ url: gate.url }))

let stop = (): void => undefined
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const [command, value] = line.split(' ')
  stop()
  stop = (): void => undefined
  if (command === 'rate' && Number(value) > 0) stop = gate.burst(Number(value))
  if (command === 'fill') for (let n = 0; n < Number(value); n += 1) gate.finish()
})
lines.on('close', () => process.exit(0))
