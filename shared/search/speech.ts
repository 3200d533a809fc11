/** Words by which a sentence says who sends and who receives, in English and German. */

/** The side of a mail that a mention stands for. */
export type Role = 'sender' | 'recipient' | 'either'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const FROM = words('from von vom by sender absender absenderin reverse-path helo ehlo client')
const TO = words('to an for für fuer rcpt recipient recipients empfänger empfaenger orig_to reach reaches reached erreicht erreichen bei cc')
/** Whom an admin calls so is one of the shop's own. */
const OURS = words('customer customers kunde kundin kunden user nutzer nutzerin')
const AND = words('and or und oder & sowie also auch')
/** Stand between "from" and the name. */
const SMALL = words('the a an our my their der die das dem den ein eine einem einer unser unsere unserem unseren unserer address addresses adresse domain domäne host server mailbox postfach firma company herr herrn frau mr mrs ms mail mails email e-mail')
const RECEIVED = words('got gets get received receives receive misses missed missing bekam bekommt bekommen erhielt erhält erhalten vermisst kriegt kriegte waits awaits wartet expects erwartet')
const SENT = words('sent sends send wrote writes write mailed mails schreibt schrieb sendet sandte schickt schickte mailt')

/**
 * The role that the next mention has after this word, given the one already said (`pending`) and that of the mention before
 * (`last`, which "and" hands on). Null: nothing was said.
 */
export function roleOf(word: string, pending: Role | null, last: Role | null): Role | null {
  // "an" is an article in English and "to" in German: it says "to" unless something was said already.
  if (pending !== null && SMALL.has(word)) return pending
  if (FROM.has(word)) return 'sender'
  if (TO.has(word)) return 'recipient'
  if (OURS.has(word)) return pending ?? 'recipient'
  if (AND.has(word)) return last
  if (word === '' && pending !== null) return pending
  return null
}

/** What stands before it is who should have got the mail ("joe@shop.example got nothing"). */
export function saysReceiver(word: string): boolean {
  return RECEIVED.has(word)
}

/** What stands before it is who wrote ("bob@acme.example schreibt"). */
export function saysSender(word: string): boolean {
  return SENT.has(word)
}
