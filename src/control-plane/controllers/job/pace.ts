import type { Context, Outcome } from '../../../client/controller.ts'
import { backOffMs, maxBackOffMs } from './failures-per-index.ts'

/** How long changes of Pods are gathered before a Job looks at them (syncJobBatchPeriod). */
const batchMs = 1_000

/** What is remembered of a Job between two looks. Plain data. */
interface Memory {
  generation: number
  /** When the changes gathered so far are due. */
  batchAt: number | undefined
  /** When the Job asked to be looked at. */
  wakeAt: number | undefined
  /** Failures since the last success, and when the last of them was. */
  failures: number
  failedAt: number
}

export interface Pace {
  /** How long to wait until the Job is to be looked at; 0 is now. */
  wait(generation: number): number
  done(outcome: Outcome | void): Outcome | void
  /** Notes when Pods ended that are seen for the first time: the last success (0 is none), and all failures. */
  note(succeededAt: number, failedAt: readonly number[]): void
  /** How long no new Pod may come, after failures: 10 s, doubled at each. */
  backOffMs(): number
}

/** A new spec is looked at once, changes of Pods a second later, a refusal when the queue brings it back. */
export function paceOf({ key, memory, now }: Context): Pace {
  const kept = memory.get(key)
  const state: Memory = isMemory(kept)
    ? kept
    : { generation: -1, batchAt: undefined, wakeAt: undefined, failures: 0, failedAt: 0 }
  memory.set(key, state)
  return {
    wait(generation) {
      const { batchAt = Infinity, wakeAt = Infinity } = state
      const isDue = generation !== state.generation || Math.min(batchAt, wakeAt) <= now
      if (isDue) {
        Object.assign(state, { generation, batchAt: undefined, wakeAt: now })
        return 0
      }
      state.batchAt ??= now + batchMs
      return Math.min(state.batchAt, wakeAt) - now
    },
    done(outcome) {
      const nextMs = outcome?.requeueAfterMs
      state.wakeAt = nextMs === undefined ? undefined : now + nextMs
      return outcome
    },
    note(succeededAt, failedAt) {
      if (succeededAt > 0) state.failures = 0
      // What failed before a success is forgiven by it.
      const counted = failedAt.filter(at => at > succeededAt)
      if (counted.length === 0) return
      state.failures += counted.length
      state.failedAt = Math.max(...counted)
    },
    backOffMs() {
      if (state.failures === 0) return 0
      const delay = Math.min(backOffMs * 2 ** (state.failures - 1), maxBackOffMs)
      return Math.max(state.failedAt + delay - now, 0)
    },
  }
}

function isMemory(value: unknown): value is Memory {
  return typeof value === 'object' && value !== null && 'batchAt' in value
}
