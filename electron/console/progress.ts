/** Work that tells how far it is, as a stream: the latest progress for whoever reads slowly, then the result. */

export type Progress<T> = { readonly kind: 'progress'; readonly done: number; readonly total: number } | { readonly kind: 'result'; readonly value: T }

/** Ends without a result when the caller goes away; whether the work then ends as well is its own affair. Throws what the work throws. */
export async function* withProgress<T>(work: (onProgress: (done: number, total: number) => void) => Promise<T>, signal: AbortSignal): AsyncGenerator<Progress<T>, void, void> {
  const waiting: Progress<T>[] = []
  let wake: () => void = () => undefined
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  const ended = work((done, total) => {
    waiting.splice(0, 1, { kind: 'progress', done, total })
    wake()
  }).then((value) => ({ value }), (error: unknown) => ({ error })).finally(() => wake())
  let result: Awaited<typeof ended> | null = null
  void ended.then((value) => (result = value))
  try {
    while (result === null) {
      await new Promise<void>((resolve) => {
        wake = resolve
        if (waiting.length > 0 || signal.aborted) resolve()
      })
      await Promise.resolve()
      if (signal.aborted) return
      const event = waiting.shift()
      if (event !== undefined) yield event
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  const last = await ended
  if ('value' in last) yield { kind: 'result', value: last.value }
  else if (!signal.aborted) throw last.error
}
