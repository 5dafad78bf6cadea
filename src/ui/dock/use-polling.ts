import { useEffect, useEffectEvent } from 'react'

/** Calls again and again while `isOn`, each call after the last has ended, so a slow session is not asked faster than it answers. */
export function usePolling(isOn: boolean, everyMs: number, call: () => Promise<void>): void {
  const onTurn = useEffectEvent(call)
  useEffect(() => {
    if (!isOn) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const turn = () => {
      onTurn()
        .catch(() => undefined) // The next turn asks again; a session in trouble has its own banner.
        .finally(() => {
          if (!isOver) timer = setTimeout(turn, everyMs)
        })
    }
    turn()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [isOn, everyMs])
}
