/** The fields of each step of the wizard. They know neither client nor store: the draft comes in, changes go out. */
import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core'
import type { OtherHost } from '../../shared/api/golive.ts'
import type { GoLiveDraft, GoLiveStep } from '../../shared/golive.ts'
import { goLiveWords as words } from '../words/golive.ts'

export interface StepFieldsProps {
  readonly draft: GoLiveDraft
  readonly onChange: (part: Partial<GoLiveDraft>) => void
  /** Why the value of a key of the settings cannot be used; null: it can. */
  readonly problemOf: (key: string) => string | null
  /** Found by the test of the domains. */
  readonly others: readonly OtherHost[]
}

export function StepFields({ step, ...props }: StepFieldsProps & { readonly step: Exclude<GoLiveStep, 'summary'> }) {
  switch (step) {
    case 'server': return <ServerFields {...props} />
    case 'name': return <NameFields {...props} />
    case 'domains': return <DomainsFields {...props} />
    case 'listen': return <ListenFields {...props} />
    case 'shop': return <ShopFields {...props} />
    case 'rules': return <RulesFields {...props} />
  }
}

function ServerFields({ draft, onChange, problemOf }: StepFieldsProps) {
  const w = words.server
  return (
    <>
      <p>{w.about}</p>
      <TextInput className="mid" label={w.backend} description={w.backendHelp} error={problemOf('backend')} value={draft.backend} autoComplete="off" spellCheck={false} data-autofocus onChange={(event) => onChange({ backend: event.currentTarget.value })} />
      <Radio.Group label={w.identity} description={w.identityHelp} value={draft.identity} onChange={(value) => onChange({ identity: IDENTITIES.find((each) => each === value) ?? 'auto' })}>
        <div className="choices">{IDENTITIES.map((each) => <Radio key={each} size="xs" value={each} label={w.identities[each]} />)}</div>
      </Radio.Group>
    </>
  )
}

const IDENTITIES = ['auto', 'xclient', 'proxy', 'none'] as const

function NameFields({ draft, onChange, problemOf }: StepFieldsProps) {
  const w = words.name
  return (
    <>
      <p>{w.about}</p>
      <TextInput className="mid" label={w.hostname} description={w.hostnameHelp} error={problemOf('hostname')} value={draft.hostname} autoComplete="off" spellCheck={false} data-autofocus onChange={(event) => onChange({ hostname: event.currentTarget.value })} />
    </>
  )
}

function DomainsFields({ draft, onChange, problemOf, others }: StepFieldsProps) {
  const w = words.domains
  const kept = draft.exempt.filter((address) => !others.some((other) => other.address === address))
  const set = (address: string, on: boolean) => onChange({ exempt: on ? [...draft.exempt, address] : draft.exempt.filter((each) => each !== address) })
  return (
    <>
      <p>{w.about}</p>
      <Textarea className="mid" label={w.domains} description={w.domainsHelp} error={problemOf('domains')} value={draft.domains} autosize minRows={3} maxRows={12} spellCheck={false} data-autofocus onChange={(event) => onChange({ domains: event.currentTarget.value })} />
      {others.length === 0 && kept.length === 0 ? null : (
        <fieldset className="others">
          <legend>{w.others}</legend>
          <p className="dim">{w.othersHelp}</p>
          {others.map(({ host, address }) => <Checkbox key={address} size="xs" label={w.exempt(host, address)} checked={draft.exempt.includes(address)} onChange={(event) => set(address, event.currentTarget.checked)} />)}
          {kept.map((address) => <Checkbox key={address} size="xs" label={`${address}: ${w.exempted.toLowerCase()}`} checked onChange={() => set(address, false)} />)}
        </fieldset>
      )}
    </>
  )
}

function ListenFields({ draft, onChange, problemOf }: StepFieldsProps) {
  const w = words.listen
  return (
    <>
      <p>{w.about}</p>
      <Textarea className="mid" label={w.listen} description={w.listenHelp} error={problemOf('listen')} value={draft.listen} autosize minRows={2} maxRows={8} spellCheck={false} data-autofocus onChange={(event) => onChange({ listen: event.currentTarget.value })} />
      <p className="dim">{w.auth}</p>
    </>
  )
}

function ShopFields({ draft, onChange, problemOf }: StepFieldsProps) {
  const w = words.shop
  return (
    <>
      <p>{w.about}</p>
      <div className="pairs">
        <TextInput label={w.name} error={problemOf('shop.name')} value={draft.name} data-autofocus onChange={(event) => onChange({ name: event.currentTarget.value })} />
        <TextInput label={w.phone} error={problemOf('shop.phone')} value={draft.phone} onChange={(event) => onChange({ phone: event.currentTarget.value })} />
        <TextInput label={w.rate} description={w.rateHelp} error={problemOf('shop.rate')} value={draft.rate} onChange={(event) => onChange({ rate: event.currentTarget.value })} />
        <TextInput label={w.url} description={w.urlHelp} error={problemOf('shop.url')} value={draft.url} spellCheck={false} onChange={(event) => onChange({ url: event.currentTarget.value })} />
        <TextInput label={w.adminEmail} description={w.adminHelp} error={problemOf('shop.adminEmail')} value={draft.adminEmail} spellCheck={false} onChange={(event) => onChange({ adminEmail: event.currentTarget.value })} />
      </div>
    </>
  )
}

function RulesFields({ draft, onChange }: StepFieldsProps) {
  const w = words.rules
  const sets = [['house', w.house, w.houseDoes], ['standard', w.standard, w.standardDoes], ['lenient', w.lenient, w.lenientDoes]] as const
  return (
    <>
      <p>{w.about}</p>
      <Radio.Group aria-label={w.label} value={draft.rules} onChange={(value) => onChange({ rules: sets.find(([name]) => name === value)?.[0] ?? 'house' })}>
        <div className="choices">{sets.map(([name, label, does]) => <Radio key={name} size="sm" value={name} label={label} description={does} data-autofocus={name === draft.rules || undefined} />)}</div>
      </Radio.Group>
    </>
  )
}
