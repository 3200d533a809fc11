/** Asks whom a notice shall be about: an address, or a session's id. */
import { useState } from 'react'
import { Button, Modal, TextInput } from '@mantine/core'
import { noticesWords as words } from '../words/notices.ts'

export function WriteDialog({ onGo, onClose }: { readonly onGo: (subject: string) => void; readonly onClose: () => void }) {
  const [text, setText] = useState('')
  return (
    <Modal opened onClose={onClose} title={words.writeTitle} centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      <form className="confirm" onSubmit={(event) => { event.preventDefault(); if (text.trim() !== '') onGo(text.trim()) }}>
        <TextInput size="xs" label={words.writeLabel} value={text} maxLength={100} autoComplete="off" spellCheck={false} data-autofocus onChange={(event) => setText(event.currentTarget.value)} />
        <div className="buttons"><Button size="xs" type="submit" disabled={text.trim() === ''}>{words.writeGo}</Button></div>
      </form>
    </Modal>
  )
}
