/** The registered network around an address, looked up once a dialog; it may take seconds, fail, or be switched off. */
import { useCallback, useEffect, useState } from 'react'
import type { NetworkAnswer } from '../model/wishes.ts'

export type NetworkLook =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'failed'; readonly again: () => void }
  | { readonly kind: 'known'; readonly answer: NetworkAnswer }

export function useNetwork(address: string, lookUp: ((address: string) => Promise<NetworkAnswer>) | undefined): NetworkLook {
  const [attempt, setAttempt] = useState(0)
  const [found, setFound] = useState<{ readonly attempt: number; readonly answer: NetworkAnswer | null } | null>(null)
  useEffect(() => {
    if (lookUp === undefined) return
    let stale = false
    const settle = (answer: NetworkAnswer | null) => {
      if (!stale) setFound({ attempt, answer })
    }
    lookUp(address).then(settle, () => settle(null))
    return () => {
      stale = true
    }
  }, [address, attempt, lookUp])
  const again = useCallback(() => setAttempt((before) => before + 1), [])
  if (lookUp === undefined) return { kind: 'none' }
  if (found?.attempt !== attempt) return { kind: 'looking' }
  return found.answer === null ? { kind: 'failed', again } : { kind: 'known', answer: found.answer }
}
