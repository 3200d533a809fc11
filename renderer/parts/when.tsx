/** A time, relative in words; exact with its zone on hover. */
import { exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'

export function Ago({ iso, now }: { readonly iso: string; readonly now: number }) {
  return <time dateTime={iso} title={exactTime(iso)}>{strings.ago(now - Date.parse(iso))}</time>
}

/** How long until then. */
export function In({ iso, now }: { readonly iso: string; readonly now: number }) {
  const left = Date.parse(iso) - now
  return <time dateTime={iso} title={exactTime(iso)}>{left <= 0 ? strings.rules.expired : strings.shortLeft(left)}</time>
}
