/**
 * Keeps a streaming list still under the pointer, so that nothing moves away from a click. A pointer that rests for long is
 * nobody's: the list goes on, and the first press after that only stops it, since the row under it may be another by then.
 */
import { useEffect, useMemo, useRef } from 'react'

/** A pointer that has not moved for so long is not about to click. */
const RESTS_MS = 20_000
const LOOK_MS = 1000

export interface StillHandlers {
  readonly onPointerMove: (event: React.PointerEvent) => void
  readonly onPointerLeave: () => void
  readonly onPointerDownCapture: (event: React.PointerEvent) => void
  readonly onClickCapture: (event: React.MouseEvent) => void
}

export function useStill(onHold: (reason: 'pointer') => void, onLetGo: (reason: 'pointer') => void): StillHandlers {
  const spot = useRef<{ x: number; y: number; movedAt: number; holding: boolean; swallow: boolean }>({ x: -1, y: -1, movedAt: 0, holding: false, swallow: false })
  useEffect(() => {
    const state = spot.current
    const timer = setInterval(() => {
      if (!state.holding || performance.now() - state.movedAt < RESTS_MS) return
      state.holding = false
      onLetGo('pointer')
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      if (state.holding) onLetGo('pointer')
      state.holding = false
    }
  }, [onLetGo])
  return useMemo(() => {
    const hold = () => {
      spot.current.movedAt = performance.now()
      spot.current.holding = true
      onHold('pointer')
    }
    return {
      onPointerMove(event) {
        const state = spot.current
        // A browser says that the pointer moved when only what is under it did.
        if (event.screenX === state.x && event.screenY === state.y) return
        state.x = event.screenX
        state.y = event.screenY
        hold()
      },
      onPointerLeave() {
        spot.current.holding = false
        onLetGo('pointer')
      },
      onPointerDownCapture(event) {
        const state = spot.current
        state.swallow = !state.holding && event.pointerType === 'mouse' && state.x === event.screenX && state.y === event.screenY
        hold()
      },
      onClickCapture(event) {
        if (!spot.current.swallow) return
        spot.current.swallow = false
        event.preventDefault()
        event.stopPropagation()
      },
    }
  }, [onHold, onLetGo])
}
