/**
 * The founding case as a program, for gates in a network of their own (scratchroot.ts): the very address knocks on PORT, a name
 * server on 127.0.0.1:53 answers as DNS did in 2002. Prints the replies as one line of JSON. `node foundingcase.ts PORT`
 */
import { execFileSync } from 'node:child_process'
import { startNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'

const CLIENT = '216.33.111.150'
const ZONE = 'www.americangreetings.com A 216.33.97.70'

const port = Number(process.argv[2])
try {
  execFileSync('ip', ['addr', 'add', `${CLIENT}/32`, 'dev', 'lo'], { stdio: 'ignore' })
} catch {
  // It has the address already.
}
const dns = await startNameserver(ZONE, '127.0.0.1', 53)
const client = await smtpClient({ port, host: CLIENT })
const replies = [
  await client.reply(),
  await client.say('EHLO www.americangreetings.com'),
  await client.say('MAIL FROM:<cards@www.americangreetings.com>'),
  await client.say('RCPT TO:<joe@shop.example>'),
  await client.say('QUIT'),
]
client.end()
await dns.close()
process.stdout.write(`${JSON.stringify(replies)}\n`)
