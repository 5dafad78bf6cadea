import type { Self } from '../../../sim/component.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { enqueue } from './deliver.ts'
import { bookmark } from './start.ts'

/** Tells quiet watchers how far history has gone, so that they need no new list when they come back (cacher.go). */
export function sendBookmarks({ resources }: Server, self: Self<ApiServerState>): void {
  const { watches, seen } = self.state
  for (const watch of watches.values()) {
    if (!watch.bookmarks || watch.told >= seen) continue
    const [group, version, plural] = watch.version
    const resource = resources.find(group, version, plural)
    if (!resource) continue
    watch.told = seen
    enqueue(self, watch, bookmark(resource.kind, seen), 0)
  }
}
