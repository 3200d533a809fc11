/** What is offered as lengths for a ban, for a whitelist entry, and by default. */
import type { RuleKind } from '../../shared/events.ts'
import { lengthValue } from './lengths.ts'
import type { LengthValue } from './lengths.ts'
import { ALLOW_LENGTHS, BAN_LENGTHS } from './scopes.ts'

export const lengthsFor = (kind: RuleKind): readonly (number | null)[] => (kind === 'ban' ? BAN_LENGTHS : ALLOW_LENGTHS)

/** Four days for a ban, as POLICY says; a whitelist entry is for good unless said otherwise. */
export const usualLength = (kind: RuleKind): LengthValue => lengthValue(kind === 'ban' ? BAN_LENGTHS[2] : null)
