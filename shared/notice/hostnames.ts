/** What a host name looks like: given by hand to a mail host, or by a provider's program to every address of a network. Guesses, for proposals only. */
import { parseAddress } from '../net/ip.ts'

const MAIL_LABEL = /^(?:(?:mail|mx|smtp|relay|mta|out|outbound|outgoing|mailout|mailer|mailgw|mailgate|gateway|exchange|post|webmail|send|sender|newsletter)(?:[-_]?(?:out|in|gw|\d+)|[-_][a-z]{1,3})*)$/
const POOL_WORD = /(?:^|[.-])(?:dyn(?:amic)?|dhcp|dsl|adsl|vdsl|ppp(?:oe)?|dial(?:up|in)?|cable|cust(?:omer)?s?|client|clients|pool|broadband|fiber|ftth|mobile|lte|wifi|nat|cgn|unassigned|unused|host|static|vps|cloud)(?:[-.\d]|$)/

/** "mx3.acme.example", "smtp-out.acme.example". `name` in lower case. */
export function mailHostName(name: string): boolean {
  return name.includes('.') && MAIL_LABEL.test(name.slice(0, name.indexOf('.')))
}

/** Its own address is written in it, or a word that providers use for what belongs to nobody in particular. */
export function genericName(name: string, client: string): boolean {
  const first = name.slice(0, Math.max(0, name.indexOf('.', name.indexOf('.') + 1)))
  return writtenIn(name, client) || (/\d/.test(first) && POOL_WORD.test(first))
}

function writtenIn(name: string, client: string): boolean {
  const address = parseAddress(client)
  if (address === null) return false
  if (address.family === 6) {
    const digits = address.bytes.slice(0, 8).map((octet) => octet.toString(16).padStart(2, '0')).join('')
    return name.replace(/[^0-9a-f]/g, '').includes(digits)
  }
  const numbers = (name.match(/\d+/g) ?? []).map(Number)
  const holds = (wanted: readonly number[]) => numbers.some((_, at) => wanted.every((number, offset) => numbers[at + offset] === number))
  const { bytes } = address
  const backwards = [...bytes].reverse()
  if (holds(bytes) || holds(backwards)) return true
  const padded = bytes.map((octet) => String(octet).padStart(3, '0')).join('')
  const hex = bytes.map((octet) => octet.toString(16).padStart(2, '0')).join('')
  if (name.includes(padded) || name.split(/[^0-9a-f]/).includes(hex)) return true
  // Two of the four together, beside a word: "host-45-12.pool.isp.example".
  return (holds(bytes.slice(2)) || holds(backwards.slice(0, 2))) && POOL_WORD.test(name)
}
