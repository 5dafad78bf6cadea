/**
 * What a controller has done and not yet seen: its cache trails its own writes, and acting before it has caught up would
 * do them twice. Counts creations by number and deletions by uid, as upstream's UIDTrackingControllerExpectations
 * (pkg/controller/controller_utils.go). Plain data.
 */
export type ExpectationsState = Map<string, Expectation>

interface Expectation {
  creations: number
  readonly deletions: Set<string>
  at: number
}

/** After this long an expectation is given up: a watch event must have been missed (ExpectationsTimeout). */
const timeoutMs = 5 * 60_000

export function expectCreation(state: ExpectationsState, key: string, now: number): void {
  expectationOf(state, key, now).creations++
}

export function expectDeletion(state: ExpectationsState, key: string, uid: string, now: number): void {
  expectationOf(state, key, now).deletions.add(uid)
}

export function sawCreation(state: ExpectationsState, key: string): void {
  const expectation = state.get(key)
  if (expectation && expectation.creations > 0) expectation.creations--
}

export function sawDeletion(state: ExpectationsState, key: string, uid: string): void {
  state.get(key)?.deletions.delete(uid)
}

/** Whether everything expected has been seen, or was waited for long enough. */
export function expectationsMet(state: ExpectationsState, key: string, now: number): boolean {
  const expectation = state.get(key)
  if (!expectation) return true
  return (expectation.creations <= 0 && expectation.deletions.size === 0) || now - expectation.at > timeoutMs
}

function expectationOf(state: ExpectationsState, key: string, now: number): Expectation {
  let expectation = state.get(key)
  if (!expectation) state.set(key, (expectation = { creations: 0, deletions: new Set(), at: now }))
  expectation.at = now
  return expectation
}
