import type { Call } from '../call.ts'
import type { ApiServerState, Watch } from '../state.ts'

/** On the way of every request: one name put together, and one number raised. */
export function countRequest({ self, request, options, resource, namespace, revision }: Call, code: number): void {
  const { verb, patchType, name, subresource = '' } = request
  const { group, version, plural } = resource.kind
  const word = patchType === 'apply' ? 'apply' : verb
  const scope = name !== undefined || verb === 'create' ? 'resource' : namespace === undefined ? 'cluster' : 'namespace'
  const dry = options.dryRun === true ? 'All' : ''
  const written = revision === undefined ? '' : 'w'
  const key = `${word}|${group}|${version}|${plural}|${subresource}|${scope}|${dry}|${code}|${written}`
  raise(self.state.counters.requests, key, 1)
}

/** What authorization said. */
export function countAccess({ counters }: ApiServerState, allowed: boolean): void {
  if (allowed) counters.allowed++
  else counters.denied++
}

export function countPath({ counters }: ApiServerState, path: string, code: number): void {
  raise(counters.paths, `${path}|${code}`, 1)
}

export function countWatchEvents({ counters }: ApiServerState, { version }: Watch, events: number): void {
  const [group, inVersion, plural] = version
  raise(counters.watchEvents, `${group}|${inVersion}|${plural}`, events)
}

function raise(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
