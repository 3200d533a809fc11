/** `porch forget`: takes a person's mail address out of all that is stored, and names the files that it leaves alone. */
import type { Forgotten } from '../../shared/api/reports.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { tornFiles } from '../store/tornfiles.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { withOperations } from './operations.ts'
import { writeLine } from './output.ts'
import { createProgressLine } from './progressline.ts'

export async function forget(address: string, flags: CommonFlags): Promise<number> {
  const person = readForgettable(address)
  if (!person.ok) throw new Failure(`"${asciiText(address, 80)}": ${person.problem}`)
  const progress = createProgressLine('sessions looked through')
  const place = placeOf(flags)
  const forgotten = await withOperations(place, (operations) => operations.forget(person.address, progress.show)).finally(progress.clear)
  if (flags.json === true) writeLine(JSON.stringify(forgotten))
  else writeLine(textOf(forgotten))
  const torn = tornFiles(place.dataDir)
  if (torn.length > 0) process.stderr.write(`porch: not looked into, as damaged databases that were moved aside may not open; what they hold of the address is still there. Delete them once you need them no more: ${torn.map(({ file }) => file).join(', ')}\n`)
  return total(forgotten) === 0 ? 1 : 0
}

function total({ sessions, notices, rules, values }: Forgotten): number {
  return sessions + notices + rules + values
}

function textOf(forgotten: Forgotten): string {
  const address = asciiText(forgotten.address, 320)
  if (total(forgotten) === 0) return `${address} is named nowhere in what is stored`
  const parts = [[forgotten.sessions, 'session'], [forgotten.notices, 'notice'], [forgotten.rules, 'rule'], [forgotten.values, 'setting']] as const
  const told = parts.filter(([count], at) => at === 0 || count > 0).map(([count, noun]) => `${count} ${noun}${count === 1 ? '' : 's'}`)
  return `${address} is forgotten: it was named in ${told.join(', ')}`
}
