/**
 * Who gets in (POLICY, Disposition 1): PROXY header where one is due, then whitelist, ban, limits, exemption, in this
 * order. A banned client costs a look into the tries and one line; it is counted, not recorded.
 */
import type { Socket } from 'node:net'
import type { Standing } from '../../shared/gate/disposition.ts'
import { helpLink } from '../../shared/gate/replytext.ts'
import { judge } from '../../shared/gate/verdict.ts'
import type { Rule } from '../../shared/events.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import type { Address } from '../../shared/net/ip.ts'
import { REPLIES } from '../../shared/smtp/codes.ts'
import type { Reply } from '../../shared/smtp/codes.ts'
import { ProxyReader } from '../../shared/smtp/proxyheader.ts'
import { plainLine } from '../../shared/smtp/reply.ts'
import type { Gathering } from '../ports.ts'
import { Connection } from './connection.ts'
import { inAny } from './context.ts'
import { Examination, bansInForce, matchPending } from './examination.ts'
import { sayBanned, sayFarewell } from './farewell.ts'
import type { House } from './house.ts'

/** CONTRACT: a PROXY header is there within 5 s, or the connection is closed. */
const PROXY_MS = 5000
/** Banned clients that are held in dialogue at once; more are closed after the 554. */
const MAX_BANNED = 2000

/** The two ends as far as they are known; with PROXY the carried ones. */
interface Ends {
  readonly client: Address
  readonly port: number
  readonly ourAddress: string
  readonly ourPort: number
}

/** The places in the house; the listener keeps them. */
export interface Places {
  /** Counts a connection in; null: there is room. */
  full(client: Address, standing: Standing): Reply | null
  enter(connection: Connection): void
  /** Sockets that are no session yet (PROXY due, name of a banned client awaited) or never will be. */
  waiting: number
  banned: number
  countBanned(): void
  /** No more places at all for sockets that wait. */
  crowded(): boolean
}

export function admit(house: House, places: Places, socket: Socket): void {
  const client = parseAddress(socket.remoteAddress ?? '')
  const ours = parseAddress(socket.localAddress ?? '')
  if (client === null || ours === null) return void socket.destroy()
  const ends: Ends = { client, port: socket.remotePort ?? 0, ourAddress: ours.text, ourPort: socket.localPort ?? 0 }
  if (inAny(house.context().proxies, client)) readProxy(house, places, socket, ends)
  else receive(house, places, socket, ends, null)
}

/** Torn, late or missing: closed silently. LOCAL and UNKNOWN: the peer itself. */
function readProxy(house: House, places: Places, socket: Socket, peer: Ends): void {
  if (places.crowded()) return void socket.destroy()
  const reader = new ProxyReader()
  const until = house.watch.now() + PROXY_MS
  const watched = { check: (now: number) => { if (now >= until) socket.destroy() } }
  const swallow = () => undefined
  const left = () => {
    places.waiting -= 1
    house.watch.delete(watched)
  }
  const destroy = () => { socket.destroy() }
  const onData = (chunk: Uint8Array) => {
    const event = reader.read(chunk)
    if (event.kind === 'more') return
    if (event.kind === 'bad') return destroy()
    socket.removeListener('data', onData)
    socket.removeListener('end', destroy)
    socket.removeListener('close', left)
    left()
    const leftover = event.next < chunk.length ? chunk.subarray(event.next) : null
    const carried = event.ends === 'peer' ? peer : carriedEnds(event.ends)
    if (carried === null) return destroy()
    receive(house, places, socket, carried, leftover)
    socket.removeListener('error', swallow)
  }
  places.waiting += 1
  house.watch.add(watched)
  socket.on('error', swallow)
  socket.on('close', left)
  socket.on('end', destroy)
  socket.on('data', onData)
}

function carriedEnds(ends: { readonly client: string; readonly clientPort: number; readonly server: string; readonly serverPort: number }): Ends | null {
  const client = parseAddress(ends.client)
  return client === null ? null : { client, port: ends.clientPort, ourAddress: ends.server, ourPort: ends.serverPort }
}

function receive(house: House, places: Places, socket: Socket, ends: Ends, leftover: Uint8Array | null): void {
  const { rules } = house.deps
  const match = rules.match(ends.client, bansInForce(house.deps))
  if (match.allow !== null) {
    rules.hit(match.allow)
    return enter(house, places, socket, ends, leftover, 'whitelisted', null)
  }
  if (match.ban === null) return enter(house, places, socket, ends, leftover, 'judged', null)
  if (!rules.hasNames()) return turnBanned(house, places, socket, match.ban, ends, leftover)
  // No room to wait for its name: then it is not known whether the whitelist holds for it.
  if (places.crowded()) return deferBanned(house, places, socket, match.ban)
  void awaitName(house, places, socket, ends, leftover).catch((error: unknown) => {
    house.trouble(error, '')
    socket.destroy()
  })
}

/** POLICY: a banned client whose verified name is whitelisted passes; while that cannot be known it hears 421. */
async function awaitName(house: House, places: Places, socket: Socket, ends: Ends, leftover: Uint8Array | null): Promise<void> {
  const { rules } = house.deps
  const gathering = house.deps.gather.begin(ends.client, { fresh: false })
  let early = leftover
  const onData = (chunk: Uint8Array) => {
    // Too early whatever it is; the first octets are enough to say so.
    early ??= chunk
    socket.pause()
  }
  const swallow = () => undefined
  places.waiting += 1
  socket.on('error', swallow)
  socket.on('data', onData)
  const evidence = await gathering.ptrSide()
  places.waiting -= 1
  socket.removeListener('data', onData)
  if (socket.destroyed) return gathering.stop()
  const { settings } = house.context()
  const judgement = judge(evidence, { rules: settings.policy.rules, hostname: settings.hostname, domains: settings.allDomains, ourAddresses: [ends.ourAddress] })
  // The rules may have changed while the name was looked up.
  const { allow, ban } = rules.match(ends.client, bansInForce(house.deps))
  const rule = allow ?? (judgement.verifiedNames.length === 0 ? null : rules.matchName(judgement.verifiedNames))
  if (rule !== null) {
    rules.hit(rule)
    enter(house, places, socket, ends, early, 'whitelisted', gathering)
  } else if (ban === null) enter(house, places, socket, ends, early, 'judged', gathering)
  else {
    gathering.stop()
    if (matchPending(house.deps, ends.client, [...evidence.answers.values()], judgement)) deferBanned(house, places, socket, ban)
    else turnBanned(house, places, socket, ban, ends, early)
  }
  socket.removeListener('error', swallow)
  socket.resume()
}

function deferBanned(house: House, places: Places, socket: Socket, ban: Rule): void {
  house.deps.rules.hit(ban)
  places.countBanned()
  sayFarewell(socket, `${plainLine(`421 4.4.3 ${REPLIES.dnsTemporaryClose.text}`)}\r\n`, house)
}

function turnBanned(house: House, places: Places, socket: Socket, ban: Rule, ends: Ends, leftover: Uint8Array | null): void {
  house.deps.rules.hit(ban)
  places.countBanned()
  const { helpUrl } = house.context()
  const until = ban.until === null ? 'for good' : `until ${ban.until}`
  const banner = plainLine(`554 5.7.1 [${ends.client.text}] is banned here ${until}${helpUrl === null ? '' : `, see ${banHelp(house, helpUrl, ban)}`}`)
  if (places.banned >= Math.min(MAX_BANNED, house.maxLingering)) return sayFarewell(socket, `${banner}\r\n`, house)
  places.banned += 1
  socket.once('close', () => { places.banned -= 1 })
  sayBanned(socket, banner, leftover, house)
}

/** The page for this ban, if the gate serves one. */
function banHelp({ deps }: House, helpUrl: string, { scope }: Rule): string {
  return deps.banPage === undefined ? helpUrl : helpLink(helpUrl, deps.banPage(scope))
}

function enter(house: House, places: Places, socket: Socket, ends: Ends, leftover: Uint8Array | null, allowed: Standing, begun: Gathering | null): void {
  const exempt = allowed === 'judged' && inAny(house.context().exempt, ends.client)
  const standing: Standing = exempt ? 'exempt' : allowed
  const full = places.full(ends.client, standing)
  const gathering = begun ?? (exempt || full !== null ? null : house.deps.gather.begin(ends.client, { fresh: false }))
  const id = house.deps.newId()
  const exam = new Examination(house, { client: ends.client, ourAddress: ends.ourAddress, id, standing, gathering, rulesVersion: house.rulesVersion() })
  const connection = new Connection(house, socket, { id, client: ends.client, port: ends.port, ourAddress: ends.ourAddress, ourPort: ends.ourPort, isProbe: () => house.deps.probes?.has(socket) === true }, countedAs(ends.client), exam)
  if (full !== null) return connection.turnAway(full, 'limited')
  places.enter(connection)
  connection.start(leftover)
}

/** The key under which connections of one client are counted. */
export function countedAs(client: Address): string {
  return client.family === 4 ? client.text : clientScope(client).text
}
