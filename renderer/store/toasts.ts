/** Short messages at the edge of the screen: what was done, with Undo while it lasts, and what went wrong. The last few only. */
import { Observed } from './observed.ts'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'trouble' | 'busy'
  readonly text: string
  readonly undo: (() => Promise<void>) | null
}

const LASTS_MS = 10_000
const MOST = 4

export class Toasts extends Observed {
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()
  #toasts: readonly Toast[] = []
  #lastId = 0

  readonly list = (): readonly Toast[] => this.#toasts

  add(kind: Toast['kind'], text: string, undo: (() => Promise<void>) | null = null): void {
    this.#lastId += 1
    const id = this.#lastId
    this.#set([...this.#toasts, { id, kind, text, undo } as const].slice(-MOST))
    this.resume(id)
  }

  /** Something that takes a while: it stays until it ends. */
  busy(text: string): { readonly say: (text: string) => void; readonly end: () => void } {
    this.#lastId += 1
    const id = this.#lastId
    this.#set([...this.#toasts, { id, kind: 'busy', text, undo: null }])
    return {
      say: (next) => this.#set(this.#toasts.map((toast) => (toast.id === id ? { ...toast, text: next } : toast))),
      end: () => this.dismiss(id),
    }
  }

  dismiss(id: number): void {
    this.pause(id)
    this.#set(this.#toasts.filter((toast) => toast.id !== id))
  }

  /** It stays while the pointer or the focus is on it. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }

  resume(id: number): void {
    this.pause(id)
    if (this.#toasts.some((toast) => toast.id === id && toast.kind === 'busy')) return
    this.#timers.set(id, setTimeout(() => this.dismiss(id), LASTS_MS))
  }

  /** Takes back the last thing that can be taken back; false if there is none. */
  undoLast(): boolean {
    const last = this.#toasts.findLast((toast) => toast.undo !== null)
    if (last === undefined) return false
    this.undo(last)
    return true
  }

  undo(toast: Toast): void {
    this.dismiss(toast.id)
    void toast.undo?.()
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts
    this.changed()
  }
}
