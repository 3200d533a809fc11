/** Whom to write to: each contact with where it comes from and how far it is trusted; one that is only claimed needs a tick. */
import { Checkbox, Radio, TextInput } from '@mantine/core'
import type { NoticeContacts } from '../../shared/api/notices.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { sourceText } from '../../shared/notice/contacts.ts'
import { BY_HAND, chosenContact, offered, typedProblem, withChoice } from '../model/noticeform.ts'
import type { NoticeForm } from '../model/noticeform.ts'
import { editorWords as words } from '../words/noticeeditor.ts'
import { noticesWords, trustWords } from '../words/notices.ts'
import { Name, Said } from './outside.tsx'

export interface RecipientChoiceProps {
  readonly contacts: NoticeContacts
  readonly form: NoticeForm
  readonly onChange: (form: NoticeForm) => void
}

export function RecipientChoice({ contacts, form, onChange }: RecipientChoiceProps) {
  const list = offered(contacts, form.kind)
  const chosen = chosenContact(form, contacts)
  const problem = typedProblem(form)
  return (
    <div className="recipients">
      <Radio.Group label={words.recipient} value={form.choice ?? ''} onChange={(choice) => onChange(withChoice(form, choice, contacts))}>
        {list.length === 0 ? <p className="dim">{form.kind === 'customer' ? words.noCustomers : words.noContacts}</p> : null}
        {list.map(({ address, source, trust, note }) => (
          <Radio key={address} size="xs" className="scope contact" value={address} label={<><Name text={address} /> <span className="tag" data-trust={trust}>{trustWords[trust]}</span></>}
            description={<><Said text={sourceText(source)} className="plain" />{note === null ? null : <> · <strong><Said text={note} className="plain" /></strong></>}</>} />
        ))}
        <Radio size="xs" className="scope contact" value={BY_HAND} label={words.typed} />
      </Radio.Group>
      {form.choice === BY_HAND ? (
        <TextInput size="xs" aria-label={words.typedLabel} placeholder={words.typedPlaceholder} value={form.typed} maxLength={300} autoComplete="off" spellCheck={false} inputMode="email"
          error={problem === null ? null : asciiText(problem)} onChange={(event) => onChange({ ...form, typed: event.currentTarget.value })} />
      ) : null}
      {form.choice === BY_HAND && chosen?.note != null ? <p className="hindrance"><Said text={chosen.note} className="plain" /></p> : null}
      {chosen?.trust === 'claimed' ? (
        <div className="claimtick">
          <p>{noticesWords.claimedHelp} {words.tickHelp}</p>
          <Checkbox size="xs" label={words.tick} checked={form.ticked} onChange={(event) => onChange({ ...form, ticked: event.currentTarget.checked })} />
        </div>
      ) : null}
      {contacts.remarks.length === 0 || form.kind === 'customer' ? null : <p className="dim small">{words.remarks} {contacts.remarks.map((remark, index) => <Said key={index} text={`${index === 0 ? '' : '; '}${remark}`} className="plain" />)}.</p>}
    </div>
  )
}
