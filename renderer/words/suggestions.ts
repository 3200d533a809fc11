/** Suggestions on the Rules page: what could be better, why, whom it would touch, and what one can do. */
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { plural } from './format.ts'

export const suggestionWords = {
  label: 'Suggestions', looking: 'Looking through the rules and the last 30 days…', failed: 'The suggestions could not be loaded.', again: 'Try again', noLine: 'Waiting for the gate…',
  emptyTitle: 'Nothing to suggest', empty: 'Here stand networks full of banned addresses, bans that nobody has met for 90 days, correspondents that earned a ban, and names of large providers.',
  groups: {
    'ban-correspondent': { title: 'Correspondents that earned a ban', why: 'They were refused again and again, but mail of theirs was accepted in the last 30 days: Porch never bans such a sender by itself. Look at what is wrong with it, or write to its postmaster, before you ban it.' },
    'ban-network': { title: 'Networks full of banned addresses', why: 'One ban of the network takes the place of the bans of its members, and holds for those that have not knocked yet.' },
    'lift-unused': { title: 'Bans that nobody has met for 90 days', why: 'Lifting them changes nothing today and keeps the list short.' },
    'allow-provider': { title: 'Large providers', why: 'Their greeting names often do not lead back to each of their hosts. An entry for their verified names lets them pass; a name that is only claimed never matches.' },
  } satisfies Record<Suggestion['kind'], { title: string; why: string }>,
  network: (members: number) => `${plural(members, 'address', 'addresses')} of it ${members === 1 ? 'is' : 'are'} banned`,
  asking: 'Registries are being asked to whom crowded networks belong…',
  holder: (name: string) => `registered to ${name}`,
  earned: (earned: string, accepted: string) => `earned a ban ${earned}; mail of it was accepted ${accepted}`,
  idle: 'last met, or made,',
  hits: 'Good senders it would hit', noHits: 'It would hit no good sender of the last 30 days.', frees: 'Refused senders it would let through', noFrees: 'Nobody of these was refused in the last 30 days.',
  members: 'Show its members',
  accept: { 'ban-correspondent': 'Ban', 'ban-network': 'Ban the network', 'lift-unused': 'Lift', 'allow-provider': 'Whitelist' } satisfies Record<Suggestion['kind'], string>,
  acceptOf: { 'ban-correspondent': (scope: string) => `Ban ${scope}`, 'ban-network': (scope: string) => `Ban the network ${scope}`, 'lift-unused': (scope: string) => `Lift the ban of ${scope}`, 'allow-provider': (scope: string) => `Whitelist ${scope}` },
  acceptAll: { 'lift-unused': (count: number) => `Lift all ${count.toLocaleString('en-US')}`, 'allow-provider': (count: number) => `Whitelist all ${count.toLocaleString('en-US')}` },
  dismiss: 'Dismiss', dismissOf: (scope: string) => `Dismiss the suggestion for ${scope}`, dismissed: (count: number) => `Dismissed (${count.toLocaleString('en-US')})`, takeBack: 'Suggest again', takeBackOf: (scope: string) => `Suggest ${scope} again`,
  showAll: (count: number) => `Show all ${count.toLocaleString('en-US')}`, more: (count: number) => `and ${count.toLocaleString('en-US')} more`,
} as const
