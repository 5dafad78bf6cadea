import type { Verb } from '../../../machinery/rest.ts'

/** What a server counts of its work since it was started. Plain data: names of what is counted, joined, and numbers. */
export interface Counters {
  /** Requests that came through the gate: verb, group, version, resource, subresource, scope, dry run, code, etcd's part. */
  readonly requests: Map<string, number>
  /** Requests of paths that are no resources: path and code. */
  readonly paths: Map<string, number>
  /** Changes that watchers were told of: group, version and resource. */
  readonly watchEvents: Map<string, number>
  authenticated: number
  unauthenticated: number
  allowed: number
  denied: number
}

/** A kind of request with how many there were. */
export interface Counted {
  readonly verb: Verb | 'apply'
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly scope: string
  readonly isDryRun: boolean
  readonly code: string
  /** Whether it wrote to etcd. */
  readonly isWritten: boolean
  readonly count: number
}

export function newCounters(): Counters {
  return {
    requests: new Map(),
    paths: new Map(),
    watchEvents: new Map(),
    authenticated: 0,
    unauthenticated: 0,
    allowed: 0,
    denied: 0,
  }
}

/** Requests by what they were, sorted as they are shown. */
export function countedRequests({ requests }: Counters): Counted[] {
  return [...requests].sort(byKey).map(([key, count]) => {
    const [word = '', group = '', version = '', resource = '', subresource = '', scope = '', dry, code = '', written] =
      key.split('|')
    return {
      verb: isVerb(word) ? word : 'get',
      ...{ group, version, resource, subresource, scope, code, count },
      isDryRun: dry === 'All',
      isWritten: written === 'w',
    }
  })
}

const verbs: ReadonlySet<string> = new Set([
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'apply', 'delete', 'deletecollection'],
])

function isVerb(word: string): word is Counted['verb'] {
  return verbs.has(word)
}

export function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
