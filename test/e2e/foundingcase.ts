/**
 * The founding case as a program, for gates in a network of their own (scratchroot.ts): the very address knocks on PORT, a name
 * server on 127.0.0.1:53 answers as DNS did in 2002. Prints the replies as one line of JSON; a recipient that is taken gets a
 * message. `node foundingcase.ts PORT [ADDRESS EHLO-NAME RECIPIENT]`: another sender, of which mail.acme.example is in order.
 */
import { execFileSync } from 'node:child_process'
import { startNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'

const ZONE = `
  www.americangreetings.com A 216.33.97.70
  mail.acme.example A 198.51.100.25
  25.100.51.198.in-addr.arpa PTR mail.acme.example
`

const [port = '25', address = '216.33.111.150', ehlo = 'www.americangreetings.com', recipient = 'joe@shop.example'] = process.argv.slice(2)
try {
  execFileSync('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo'], { stdio: 'ignore' })
} catch {
  // It has the address already.
}
const dns = await startNameserver(ZONE, '127.0.0.1', 53)
const client = await smtpClient({ port: Number(port), host: address })
const replies = [await client.reply(), await client.say(`EHLO ${ehlo}`), await client.say(`MAIL FROM:<cards@${ehlo}>`), await client.say(`RCPT TO:<${recipient}>`)]
if (replies[3]?.startsWith('250') === true) replies.push(await client.say('DATA'), await client.say('Subject: a card\r\n\r\nGreetings\r\n.'))
replies.push(await client.say('QUIT'))
client.end()
await dns.close()
process.stdout.write(`${JSON.stringify(replies)}\n`)
