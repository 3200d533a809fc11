/** An open console without a screen: `node watcher.ts ADDRESS` (as serve prints it) takes the live stream and the status as the page does. Prints {"watching":true}, and at SIGTERM {"sessions","missed"}. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { api } from '../../shared/api.ts'

const address = new URL(process.argv[2] ?? '')
const token = address.searchParams.get('token') ?? ''
const socket = new WebSocket(`ws://${address.host}/ws`, { headers: { authorization: `Bearer ${token}` } })
await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
const client: ContractRouterClient<typeof api> = createORPCClient(new RPCLink({ websocket: socket }))

let sessions = 0
let missed = 0
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ sessions, missed }))
  process.exit(0)
})

const states = await client.state.watch()
const batches = await client.sessions.live()
console.log(JSON.stringify({ watching: true }))
void (async () => {
  for await (const state of states) if (state.openConnections < 0) break
})()
for await (const batch of batches) {
  sessions += batch.sessions.length
  missed += batch.missed
}
