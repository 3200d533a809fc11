/** Adds a page's commands to the palette for as long as the page is shown; they may change with every render. */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useConsole } from './console.ts'
import type { Command } from './model/commands.ts'

export function useCommands(source: () => readonly Command[], place: 'page' | 'frame' = 'page'): void {
  const { commands } = useConsole()
  const latest = useRef(source)
  useLayoutEffect(() => {
    latest.current = source
  })
  useEffect(() => commands.add(() => latest.current(), place), [commands, place])
}
