/** Rules as a file or in the clipboard, in one of the formats; how it begins is shown. */
import { useMemo, useState } from 'react'
import { Button, Modal, NativeSelect, Radio } from '@mantine/core'
import type { Rule } from '../../shared/events.ts'
import { LIST_FORMATS, writeRuleList } from '../../shared/gate/rulelist.ts'
import type { ListFormat } from '../../shared/gate/rulelist.ts'
import { exportWords as words } from '../words/lists.ts'
import { Said } from './outside.tsx'
import { saveText } from './save.ts'

export type ExportChoice = keyof typeof words.choices

export interface ExportDialogProps {
  /** What can be exported; the first one is offered first. */
  readonly choices: readonly { readonly what: ExportChoice; readonly rules: readonly Rule[] }[]
  /** For the file's name, such as "2026-11-25". */
  readonly day: string
  readonly onSaid: (text: string) => void
  readonly onClose: () => void
}

const ENDINGS: Readonly<Record<ListFormat, string>> = { plain: 'txt', csv: 'csv', nftables: 'nft', fail2ban: 'sh' }
const SHOWN_LINES = 12

export function ExportDialog(props: ExportDialogProps) {
  return (
    <Modal opened onClose={props.onClose} title={words.title} size="lg" centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      <ExportForm {...props} />
    </Modal>
  )
}

function ExportForm({ choices, day, onSaid, onClose }: ExportDialogProps) {
  const [what, setWhat] = useState<ExportChoice>(choices[0]?.what ?? 'ban')
  const [format, setFormat] = useState<ListFormat>('csv')
  const [problem, setProblem] = useState<string | null>(null)
  const [opened] = useState(() => Date.now())
  const rules = useMemo(() => choices.find((choice) => choice.what === what)?.rules ?? [], [choices, what])
  // What is chosen may leave out the whitelist, which beats the bans all the same.
  const all = useMemo(() => choices.find((choice) => choice.what === 'all')?.rules ?? rules, [choices, rules])
  const begins = useMemo(() => writeRuleList(rules.slice(0, SHOWN_LINES), format, opened, all).split(/\r?\n/).slice(0, SHOWN_LINES), [rules, format, opened, all])
  const name = `porch-${what === 'allow' ? 'whitelist' : what === 'ban' ? 'bans' : 'rules'}-${day}.${ENDINGS[format]}`
  const text = () => writeRuleList(rules, format, Date.now(), all)
  const download = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (rules.length === 0) return
    saveText(name, text())
    onSaid(words.downloaded(name))
    onClose()
  }
  const copy = () => {
    navigator.clipboard.writeText(text()).then(() => {
      onSaid(words.copied(rules.length))
      onClose()
    }, () => setProblem(words.copyFailed))
  }
  return (
    <form className="lists" onSubmit={download}>
      <NativeSelect size="xs" label={words.what} value={what} data={choices.map((choice) => ({ value: choice.what, label: words.choices[choice.what](choice.rules.length) }))} data-autofocus
        onChange={(event) => setWhat(choices.find((choice) => choice.what === event.currentTarget.value)?.what ?? what)} />
      <Radio.Group value={format} onChange={(value) => setFormat(LIST_FORMATS.find((known) => known === value) ?? format)} label={words.format}>
        {LIST_FORMATS.map((known) => <Radio key={known} size="xs" className="scope" value={known} label={words.formats[known]} description={words.help[known]} />)}
      </Radio.Group>
      {rules.length === 0 ? <p className="dim">{words.nothing}</p> : <pre className="block" tabIndex={0} aria-label={words.preview}>{begins.map((line, at) => <div key={at}><Said text={line} /></div>)}</pre>}
      {problem === null ? null : <p role="alert" className="problem">{problem}</p>}
      <div className="buttons">
        <Button size="xs" variant="default" disabled={rules.length === 0} onClick={copy}>{words.copy}</Button>
        <Button size="xs" type="submit" disabled={rules.length === 0}>{words.download}</Button>
      </div>
    </form>
  )
}
