import { useEffect, useState } from 'react'
import type { TraceLine } from '../../protocol/messages.ts'
import { numberAt } from '../dock/plain.ts'
import { ask, reportError } from '../session/session.ts'

/** An exchange is over within so many entries, unless the cluster is very busy. */
const around = 500

/** The trace entry of a number: undefined while it is looked for, null when the trace has forgotten it. */
export function useLine(seq: number): TraceLine | null | undefined {
  const [found, setFound] = useState<{ readonly seq: number; readonly line: TraceLine | null }>()
  useEffect(() => {
    let isOver = false
    ask({ ask: 'trace', since: seq, limit: 1 })
      .then(({ entries: [line] }) => {
        if (!isOver) setFound({ seq, line: line?.seq === seq ? line : null })
      })
      .catch(reportError)
    return () => {
      isOver = true
    }
  }, [seq])
  return found?.seq === seq ? found.line : undefined
}

/** All that the trace has of the exchange of a hop: its beginning, its hops and its end. */
export function useExchange(seq: number, exchange: number | undefined): readonly TraceLine[] {
  const [found, setFound] = useState<{ readonly seq: number; readonly lines: readonly TraceLine[] }>()
  useEffect(() => {
    if (exchange === undefined) return
    let isOver = false
    ask({ ask: 'trace', since: Math.max(0, seq - around), limit: 2 * around })
      .then(({ entries }) => {
        const lines = entries.filter(({ data }) => numberAt(data, 'exchange') === exchange)
        if (!isOver) setFound({ seq, lines })
      })
      .catch(reportError)
    return () => {
      isOver = true
    }
  }, [seq, exchange])
  return found?.seq === seq && exchange !== undefined ? found.lines : []
}
