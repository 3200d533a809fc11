/** A short SMTP conversation for the wizard's tests: nothing is delivered, every wait is bounded, and trouble is an answer in words. */
import { replyLine } from '../gate/backend/link.ts'
import type { Link, openLink } from '../gate/backend/link.ts'
import type { Endpoint } from '../../shared/net/parse.ts'
import type { ParsedReply, ReplyStage } from '../../shared/smtp/backendreply.ts'
import { proxyHeader } from '../../shared/smtp/proxyout.ts'

const CONNECT_MS = 5000
const ANSWER_MS = 15_000

/** Opens one connection to a server (compose.ts has it). */
export type OpenLink = typeof openLink

export type Said = { readonly ok: true; readonly code: number; readonly lines: readonly string[]; readonly text: string } | { readonly ok: false; readonly why: string }

export interface Talk {
  /** The greeting. */
  readonly banner: Said
  /** This machine's address as the server sees it. */
  readonly from: string
  say(line: string, stage: ReplyStage): Promise<Said>
  /** STARTTLS is agreed: null, or why the handshake failed. */
  secure(): Promise<string | null>
  end(): void
}

/** `proxy`: a PROXY header of our own goes first. */
export async function beginTalk(open: OpenLink, endpoint: Endpoint, options: { readonly proxy?: boolean } = {}): Promise<{ readonly kind: 'open'; readonly talk: Talk } | { readonly kind: 'failed'; readonly why: string }> {
  const opened = await open(endpoint, CONNECT_MS)
  if (opened.kind === 'failed') return opened
  const { link } = opened
  const from = link.ends().address
  if (options.proxy === true) {
    const header = proxyHeader(link.ends())
    if (header !== null) link.say(header)
  }
  const banner = await asked(link, null, 'banner')
  return { kind: 'open', talk: { banner, from, say: (line, stage) => asked(link, line, stage), secure: () => link.secure(endpoint.host, ANSWER_MS), end: () => link.bye(1000) } }
}

async function asked(link: Link, line: string | null, stage: ReplyStage): Promise<Said> {
  const outcome = await link.command(line, stage, ANSWER_MS)
  return outcome.kind === 'failed' ? { ok: false, why: outcome.why } : said(outcome.reply)
}

function said(reply: ParsedReply): Said {
  return { ok: true, code: reply.code, lines: reply.lines, text: replyLine(reply) }
}
