/** What the rules say of a client or a scope, for rows and dialogs. */
import { useCallback } from 'react'
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import { useRules } from '../console.ts'
import type { Match } from '../model/rulebook.ts'
import { standingOf } from '../model/standing.ts'
import type { Standing } from '../model/standing.ts'

export interface Standings {
  readonly standing: (kind: RuleKind, scope: string, verifiedName: string | null) => readonly Standing[]
  readonly isSpared: (sender: Sender) => boolean
  readonly matchOf: (session: Pick<SessionRecord, 'client' | 'verifiedName'>) => Match
}

/** The functions are other ones after each change of the rules. */
export function useStanding(): Standings {
  const view = useRules()
  const standing = useCallback((kind: RuleKind, scope: string, verifiedName: string | null) => standingOf(view.book, kind, scope, verifiedName), [view])
  const isSpared = useCallback(({ client, name }: Sender) => view.book.match(client, name).allow !== null, [view])
  const matchOf = useCallback(({ client, verifiedName }: Pick<SessionRecord, 'client' | 'verifiedName'>) => view.book.match(client, verifiedName), [view])
  return { standing, isSpared, matchOf }
}
