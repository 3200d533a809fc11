/** The shop's own server as others see it: its addresses, each to be checked like a sender, and whose mail comes here. */
import type { OwnServer } from '../../shared/api/check.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import { checkWords as words } from '../words/check.ts'
import { Name } from './outside.tsx'

export interface OwnServerProps {
  readonly own: OwnServer
  readonly onCheck: (client: string) => void
}

export function OwnServerView({ own, onCheck }: OwnServerProps) {
  return (
    <section className="ownserver" aria-label={words.ownTitle}>
      <h2>{words.ownTitle}</h2>
      <p><span className="dim">{words.hostname('')}</span><Name text={own.hostname} /></p>
      {own.addresses.every(({ isPrivate }) => isPrivate) ? <p>{words.ownNone}</p> : null}
      <ul>
        {own.addresses.map(({ address, from, isPrivate }) => (
          <li key={address}>
            <Name text={address} /> <span className="dim">{isPrivate ? words.ownPrivate : from.map((one) => words.from[one]).join(', ')}</span>{' '}
            {isPrivate ? null : <button type="button" className="action" aria-label={`${words.run} ${address}`} onClick={() => onCheck(address)}>{words.run}</button>}
          </li>
        ))}
      </ul>
      <ul>
        {own.mail.map(({ domain, status, hosts, ours }) => (
          <li key={domain}>
            <span className="dim">{words.mailOf('')}</span><Name text={domain} /> <strong>{ours ? words.oursFirst : isTemporary(status) ? words.mxTrouble : hosts.length === 0 ? words.noMx : words.notOurs}</strong>{' '}
            <span className="dim">{hosts.map((host) => <span key={host}>{' '}<Name text={host} /></span>)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
