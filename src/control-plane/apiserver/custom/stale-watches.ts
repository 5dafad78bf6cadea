import { isEqual } from '../../../machinery/object.ts'
import type { Self } from '../../../sim/component.ts'
import type { Change } from '../../etcd/store.ts'
import type { ApiServerState } from '../state.ts'
import { definitionOf, isServed } from './definitions.ts'

/** How long requests that have begun are given before the old storage goes. */
const drainMs = 1_000

/**
 * Ends the watches of a resource whose definition says something else now, or is gone: their clients begin anew with what
 * there is. Models removeStorage and tearDown of apiextensions-apiserver/pkg/apiserver/customresource_handler.go.
 */
export function endStaleWatches(self: Self<ApiServerState>, { previous, current }: Change): void {
  const before = previous && definitionOf(previous)
  const now = current && definitionOf(current)
  if (!before || !isServed(before)) return
  const isSame =
    now?.metadata.uid === before.metadata.uid &&
    isEqual(now.spec, before.spec) &&
    isEqual(now.status.acceptedNames, before.status.acceptedNames)
  if (isSame) return
  const { group, names } = before.spec
  for (const { id, version } of self.state.watches.values()) {
    if (version[0] === group && version[2] === names.plural) self.schedule(drainMs, 'watch timeout', id)
  }
}
