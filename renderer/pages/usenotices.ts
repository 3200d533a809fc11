/** Notices and proposals, asked for oftener while a page shows them. */
import { useEffect, useSyncExternalStore } from 'react'
import { useConsole } from '../console.ts'
import type { NoticesState } from '../store/notices.ts'

export function useNotices(): NoticesState {
  const { notices } = useConsole()
  useEffect(() => notices.watch(), [notices])
  return useSyncExternalStore(notices.subscribe, notices.state)
}
