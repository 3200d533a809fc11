/** Whether an element itself has the focus, in a window that has it: when the admin turns to another program, it has not. */
import { useEffect, useState } from 'react'

export function useFocused(element: HTMLElement | null): boolean {
  const [focused, setFocused] = useState(false)
  useEffect(() => {
    if (element === null) return
    const read = () => setFocused(document.activeElement === element && document.hasFocus())
    read()
    const events = [[element, 'focus'], [element, 'blur'], [window, 'focus'], [window, 'blur']] as const
    for (const [target, name] of events) target.addEventListener(name, read)
    return () => {
      for (const [target, name] of events) target.removeEventListener(name, read)
    }
  }, [element])
  return focused
}
