/** The messages at the edge of the screen, announced politely; one stays while the pointer or the focus is on it. */
import { IconAlertTriangle, IconCheck, IconHourglass, IconX } from '@tabler/icons-react'
import { strings } from '../strings.ts'
import { Said } from './outside.tsx'

export interface ToastView {
  readonly id: number
  readonly kind: 'done' | 'trouble' | 'busy'
  readonly text: string
  readonly undo: (() => Promise<void>) | null
}

export interface ToastListProps<T extends ToastView> {
  readonly toasts: readonly T[]
  readonly onUndo: (toast: T) => void
  readonly onDismiss: (id: number) => void
  readonly onStay: (id: number, stays: boolean) => void
}

export function ToastList<T extends ToastView>({ toasts, onUndo, onDismiss, onStay }: ToastListProps<T>) {
  return (
    <section className="toasts" aria-label={strings.toasts.label} aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast" data-kind={toast.kind} onMouseEnter={() => onStay(toast.id, true)} onMouseLeave={() => onStay(toast.id, false)} onFocus={() => onStay(toast.id, true)} onBlur={() => onStay(toast.id, false)}>
          {toast.kind === 'done' ? <IconCheck size={16} aria-hidden /> : toast.kind === 'busy' ? <IconHourglass size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
          <span className="text"><Said text={toast.text} className="plain" /></span>
          {toast.undo === null ? null : <button type="button" className="link" title="u" onClick={() => onUndo(toast)}>{strings.toasts.undo}</button>}
          {toast.kind === 'busy' ? null : <button type="button" className="plainbutton" aria-label={strings.toasts.dismiss} onClick={() => onDismiss(toast.id)}><IconX size={14} aria-hidden /></button>}
        </div>
      ))}
    </section>
  )
}
