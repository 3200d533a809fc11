/** Whether the program may simply end. Pure. */

/** A gate of one's own with mail passing through: the person is asked. A service's mail is none of this program's; a system that shuts down asks nobody. */
export type QuitDecision = { readonly kind: 'quit' } | { readonly kind: 'ask'; readonly transactions: number } | { readonly kind: 'finish' }

export function quitDecision(now: { readonly ownGate: boolean; readonly transactions: number; /** A signal, or the session's end. */ readonly forced: boolean }): QuitDecision {
  if (!now.ownGate || now.transactions === 0) return { kind: 'quit' }
  return now.forced ? { kind: 'finish' } : { kind: 'ask', transactions: now.transactions }
}
