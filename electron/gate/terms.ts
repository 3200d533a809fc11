/** The terms a session is held to, from the settings and from what the backend offers (RELIABILITY, SMTP hardening). */
import { classifyRecipient } from '../../shared/gate/disposition.ts'
import type { Terms } from '../../shared/smtp/dialogue.ts'
import type { BackendCapabilities } from '../ports.ts'
import type { Context } from './context.ts'
import type { GateDeps } from './deps.ts'
import type { House } from './house.ts'

/** The terms as they are now; the same object as long as nothing changes. */
export function termsOf(house: House): () => Terms {
  let last: { readonly context: Context; readonly capabilities: BackendCapabilities | null; readonly tls: boolean; readonly terms: Terms } | null = null
  return () => {
    const context = house.context()
    const capabilities = house.deps.backend.capabilities()
    const tls = house.deps.certificate.context() !== null
    if (last?.context !== context || last.capabilities !== capabilities || last.tls !== tls) {
      last = { context, capabilities, tls, terms: made(context, capabilities, tls, house.deps.noticeMailbox) }
    }
    return last.terms
  }
}

/** Octets a message may have. */
export function sizeLimit(terms: Terms): number {
  return terms.offeredSize === null ? terms.limits.messageBytes : Math.min(terms.offeredSize, terms.limits.messageBytes)
}

function made(context: Context, capabilities: BackendCapabilities | null, startTls: boolean, noticeMailbox: GateDeps['noticeMailbox']): Terms {
  const { settings, acceptAll } = context
  const theirs = capabilities?.size ?? null
  return {
    hostname: settings.hostname,
    offered: { eightBitMime: capabilities?.eightBitMime ?? false, smtpUtf8: capabilities?.smtpUtf8 ?? false, dsn: capabilities?.dsn ?? false },
    offeredSize: theirs === null ? null : theirs === 0 ? settings.limits.messageBytes : Math.min(theirs, settings.limits.messageBytes),
    startTls,
    limits: settings.limits,
    rejectAt: settings.policy.rejectAt,
    classify: (address) => noticeMailbox !== undefined && noticeMailbox(address) !== null ? 'always' : classifyRecipient(address, settings.allDomains, acceptAll),
  }
}
