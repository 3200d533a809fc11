/** To whom a notice goes: each contact with where it comes from and how far it is trusted. What the sender merely claims needs a tick of its own. */
import { Checkbox, Radio, TextInput } from '@mantine/core'
import type { NoticeContacts } from '../../shared/api/notices.ts'
import type { ContactCandidate } from '../../shared/notice/contacts.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { strings } from '../strings.ts'
import { noticesWords, sourceWords, trusts } from '../words/notices.ts'
import { Name, Said } from './outside.tsx'

const words = noticesWords.editor
const OTHER = 'other'

/** `contact`: one that was found; `recipient`: our own customer; `typed`: by hand. */
export type Recipient = { readonly kind: 'contact' | 'recipient'; readonly address: string } | { readonly kind: 'typed'; readonly address: string }

export interface RecipientChoiceProps {
  readonly contacts: NoticeContacts
  readonly template: TemplateKind | null
  readonly value: Recipient | null
  /** The claimed contact that was ticked. */
  readonly ticked: string | null
  readonly problem: string | null
  readonly onChange: (recipient: Recipient) => void
  readonly onTick: (address: string | null) => void
}

export function RecipientChoice({ contacts, template, value, ticked, problem, onChange, onTick }: RecipientChoiceProps) {
  const isCustomer = template === 'customer'
  const found = isCustomer ? [] : contacts.candidates
  const customers = isCustomer ? contacts.customers : []
  const choose = (chosen: string) => {
    if (chosen === OTHER) onChange({ kind: 'typed', address: '' })
    else onChange({ kind: isCustomer ? 'recipient' : 'contact', address: chosen })
  }
  return (
    <>
      <Radio.Group value={value === null ? '' : value.kind === 'typed' ? OTHER : value.address} onChange={choose} label={words.recipient} className="recipients">
        {found.map((candidate) => <Candidate key={candidate.address} candidate={candidate} chosen={value?.kind === 'contact' && value.address === candidate.address} ticked={ticked === candidate.address} onTick={onTick} />)}
        {customers.map((address) => <Radio key={address} size="xs" className="scope" value={address} label={<Name text={address} />} description={words.customers} />)}
        <Radio size="xs" className="scope" value={OTHER} label={words.other} />
      </Radio.Group>
      {!isCustomer && found.length === 0 ? <p className="dim">{words.none}</p> : !isCustomer && contacts.best === null ? <p className="dim">{words.noneTrusted}</p> : null}
      {value?.kind === 'typed' ? (
        <TextInput size="xs" label={words.otherLabel} placeholder={words.otherPlaceholder} value={value.address} maxLength={300} autoFocus autoComplete="off" spellCheck={false} error={problem} onChange={(event) => onChange({ kind: 'typed', address: event.currentTarget.value })} />
      ) : null}
      {contacts.remarks.length === 0 ? null : <details className="remarks"><summary>{words.remarks}</summary><ul>{contacts.remarks.map((remark) => <li key={remark}><Said text={remark} className="plain" /></li>)}</ul></details>}
    </>
  )
}

function Candidate({ candidate, chosen, ticked, onTick }: { readonly candidate: ContactCandidate; readonly chosen: boolean; readonly ticked: boolean; readonly onTick: RecipientChoiceProps['onTick'] }) {
  const { address, source, trust, note } = candidate
  return (
    <div className="candidate">
      <Radio size="xs" className="scope" value={address} label={<><Name text={address} /> {trust === 'claimed' ? <em className="claimed" title={trusts.claimed.means}>{strings.claimed}</em> : <span className="tag" title={trusts[trust].means}>{trusts[trust].name}</span>}</>}
        description={<><Said text={sourceWords(source)} className="plain" />{note === null ? null : <>; <Said text={note} className="plain" /></>}</>} />
      {chosen && trust === 'claimed' ? <Checkbox size="xs" className="tick" label={<Said text={words.tick(address)} className="plain" />} description={words.tickHelp} checked={ticked} onChange={(event) => onTick(event.currentTarget.checked ? address : null)} /> : null}
    </div>
  )
}
