import type { ManagerState } from '../../client/controllers.ts'
import type { Routing } from './controller.ts'
import { type Server, serversOf } from './servers.ts'

/** The server blocks of a controller, made anew when its configuration has changed: what nginx' reload is in life. */
export function byGeneration(): (state: ManagerState, routing: Routing) => readonly Server[] {
  // Kept with the state: going back in time replaces it.
  const known = new WeakMap<ManagerState, { readonly generation: number; readonly servers: readonly Server[] }>()
  return (state, routing) => {
    const found = known.get(state)
    if (found?.generation === routing.generation) return found.servers
    const servers = serversOf(routing.ingresses())
    known.set(state, { generation: routing.generation, servers })
    return servers
  }
}
