/** Numbers and lengths of time as the console writes them. */
import { lengthOf } from '../model/time.ts'

const numbers = new Intl.NumberFormat('en-US')
export const plural = (count: number, one: string, many: string) => `${numbers.format(count)} ${count === 1 ? one : many}`

const SHORT_UNITS = { second: 's', minute: 'min', hour: 'h', day: 'd' }
export const shortLength = (ms: number) => {
  const { value, unit } = lengthOf(ms)
  return `${value} ${SHORT_UNITS[unit]}`
}
/** What is left of a length: to the nearest unit, so that four days are not "3 d" a second later. */
export const shortLeft = (ms: number) => {
  const { value, unit } = lengthOf(ms, Math.round)
  return `${value} ${SHORT_UNITS[unit]}`
}
export const longLength = (ms: number) => {
  const { value, unit } = lengthOf(ms)
  return plural(value, unit, `${unit}s`)
}
export const number = (value: number) => numbers.format(value)
export const ago = (ms: number) => (ms < 1000 ? 'now' : `${shortLength(ms)} ago`)
