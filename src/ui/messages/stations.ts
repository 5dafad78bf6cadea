import type { Tone } from '../../scene/model.ts'
import type { Stage } from './facts.ts'

/** Where a request comes by in an API server, in this order. */
export const stations = [
  'authentication',
  'impersonation',
  'authorization',
  'mutating',
  'validation',
  'validating',
  'storage',
] as const

export type StationName = (typeof stations)[number]

/** What stages say, by the names of the words that the page has for it. */
const words = {
  known: 'known',
  allowed: 'allowed',
  passed: 'passed',
  valid: 'valid',
  read: 'read',
  written: 'written',
  unchanged: 'unchanged',
  deleted: 'deleted',
  denied: 'denied',
  invalid: 'invalid',
  failed: 'failed',
  'not found': 'notFound',
  conflict: 'conflict',
} as const

export type StationVerdict = (typeof words)[keyof typeof words] | 'notReached'

/** One station of a request's way: what was said there, by whom, and why. */
export interface Station {
  readonly name: StationName
  readonly tone: Tone
  readonly verdict: StationVerdict | undefined
  /** In the server's words. */
  readonly said: readonly { readonly by: string; readonly detail: string; readonly verdict: string }[]
}

const refusals: ReadonlySet<string> = new Set(['denied', 'invalid', 'failed', 'not found', 'conflict'])

/** Stations that a request may do without: nobody acts for somebody else, and what is read is not admitted. */
const optional: ReadonlySet<StationName> = new Set(['impersonation'])

/**
 * The way of a request through its server: the stations that it came by, and after a refusal those that it did not reach
 * any more.
 */
export function stationsOf(stages: readonly Stage[], isRefused: boolean): readonly Station[] {
  const way: Station[] = []
  let isOver = false
  for (const name of stations) {
    const here = stages.filter(({ stage }) => stage.split(' ')[0] === name)
    if (here.length > 0) {
      const refusal = here.find(({ verdict }) => refusals.has(verdict))
      const decisive = refusal ?? here.at(-1)
      way.push({ name, tone: refusal ? 'bad' : 'good', verdict: wordFor(decisive?.verdict), said: here.map(saidBy) })
      isOver = refusal !== undefined
    } else if (isRefused && isOver && !optional.has(name)) {
      way.push({ name, tone: 'idle', verdict: 'notReached', said: [] })
    }
  }
  return way
}

function wordFor(verdict = ''): StationVerdict | undefined {
  return isWord(verdict) ? words[verdict] : undefined
}

function isWord(verdict: string): verdict is keyof typeof words {
  return Object.hasOwn(words, verdict)
}

function saidBy({ by, detail, verdict }: Stage): Station['said'][number] {
  return { by, detail, verdict }
}
