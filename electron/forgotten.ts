/** A message that names somebody who is to be forgotten: how it is told, and what stands in its place. */
import type { Forgettable } from '../shared/net/forget.ts'

/** It is no message any more: never sent. */
export const REMOVED_MESSAGE = 'This message was removed, as it named a mail address that was to be forgotten.'

/** In the message as it is read: lines that are broken softly are joined, and what is encoded is decoded. */
export function isInMessage(person: Forgettable, message: string): boolean {
  if (person.isIn(message)) return true
  const soft = message.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (person.isIn(soft) || person.isIn(message.replace(/\r?\n[ \t]+/g, ''))) return true
  return (message.match(/(?:^[A-Za-z0-9+/]{4,}={0,2}\r?$\n?)+/gm) ?? []).some((part) => person.isIn(Buffer.from(part, 'base64').toString('utf8')))
}
