/**
 * The mail server of practice mode: takes every message on a loopback port and keeps it as an .eml file. Promises: its 250
 * to a message comes after the file is complete and on the disk under its final name; the newest 1,000 are kept; nothing
 * from outside decides a file's name, and only files of its own are ever read.
 */
import { once } from 'node:events'
import { mkdir, open, readFile, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import type { PracticeMail } from '../../shared/api.ts'
import { envelopeLines, readEnvelope } from './envelope.ts'

export interface Mailbox {
  /** "127.0.0.1:port". */
  readonly address: string
  /** Newest first. */
  list(): Promise<readonly PracticeMail[]>
  /** The whole message as text; null if there is no such message. */
  read(file: string): Promise<string | null>
  close(): Promise<void>
}

const KEPT = 1000
/** The gate's largest message, and the header fields it adds. */
const MAX_OCTETS = 52_428_800 + 65_536
const HEAD_OCTETS = 65_536
const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-\d{6}-[0-9a-f]{8}\.eml$/

/** Rejects if the folder cannot be used or no port is free. */
export async function createMailbox(dir: string, options: { readonly keep?: number; readonly now?: () => number } = {}): Promise<Mailbox> {
  const keep = options.keep ?? KEPT
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const mails = await stored(dir)
  let serial = 0
  await prune()

  async function prune(): Promise<void> {
    const surplus = mails.splice(0, Math.max(0, mails.length - keep))
    for (const mail of surplus) await rm(join(dir, mail.file), { force: true })
  }

  const store = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    serial = (serial + 1) % 1_000_000
    const at = new Date((options.now ?? Date.now)())
    const file = `${at.toISOString().replace(/[-:.]/g, '')}-${String(serial).padStart(6, '0')}-${randomBytes(4).toString('hex')}.eml`
    await writeWhole(dir, file, envelopeLines(envelopeOf(session)), stream)
    const mail = await described(dir, file)
    if (mail !== null) mails.push(mail)
    await prune()
  }

  const server = new SMTPServer({
    banner: 'Porch practice mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    // Only the gate on this machine knows the port; who it speaks for is shown with the message.
    useXClient: true,
    hideDSN: false,
    size: MAX_OCTETS,
    closeTimeout: 200,
    onData(stream, session, done) {
      store(stream, session).then(() => { done() }, (error: unknown) => {
        stream.resume()
        done(error instanceof Refusal ? error : new Refusal(452, '4.3.1 The practice mailbox cannot be written'))
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo

  return {
    address: `127.0.0.1:${port}`,
    list: () => Promise.resolve([...mails].reverse()),
    async read(file) {
      if (!NAME.test(file)) return null
      return readFile(join(dir, file), 'utf8').catch(() => null)
    },
    close: () => new Promise((resolve) => { server.close(resolve) }),
  }
}

class Refusal extends Error {
  readonly responseCode: number
  constructor(responseCode: number, text: string) {
    super(text)
    this.responseCode = responseCode
  }
}

/** Under a temporary name until every octet is on the disk; the folder's entry too. */
async function writeWhole(dir: string, file: string, head: string, stream: SMTPServerDataStream): Promise<void> {
  const temporary = join(dir, `.${file}.part`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.write(head)
    for await (const chunk of stream) await handle.write(chunk as Buffer)
    if (stream.sizeExceeded) throw new Refusal(552, '5.3.4 Message too large')
    await handle.sync()
    await handle.close()
    await rename(temporary, join(dir, file))
    await syncFolder(dir)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** Windows cannot, and need not. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dir, 'r')
  await folder.sync().finally(() => folder.close())
}

function envelopeOf(session: SMTPServerSession) {
  const { mailFrom, rcptTo } = session.envelope
  const name = session.xClient.get('NAME')
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    client: `${typeof name === 'string' && name !== '' ? name : 'unknown'} [${session.remoteAddress}], EHLO ${session.hostNameAppearsAs}`,
  }
}

/** What an earlier run left, oldest first; torn files are taken away. */
async function stored(dir: string): Promise<PracticeMail[]> {
  const files = (await readdir(dir)).sort()
  for (const file of files.filter((name) => name.endsWith('.eml.part'))) await rm(join(dir, file), { force: true })
  const mails: PracticeMail[] = []
  for (const file of files) {
    const mail = await described(dir, file)
    if (mail !== null) mails.push(mail)
  }
  return mails
}

async function described(dir: string, file: string): Promise<PracticeMail | null> {
  const [, year, month, day, hours, minutes, seconds, milliseconds] = NAME.exec(file) ?? []
  if (year === undefined) return null
  const handle = await open(join(dir, file), 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_OCTETS), 0, HEAD_OCTETS, 0)
    const envelope = readEnvelope(buffer.toString('utf8', 0, bytesRead))
    if (envelope === null) return null
    const { size } = await stat(join(dir, file))
    return { file, at: `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`, from: envelope.from, to: envelope.to, subject: envelope.subject, bytes: size }
  } finally {
    await handle.close()
  }
}
