import type { Self } from '../../../sim/component.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { apiServicesPrefix, servicesPrefix, slicesPrefix } from './api-services.ts'

/** How long the controller takes to see a change. */
const reactionMs = 10

/** Whether a change in etcd concerns who is available: APIServices, and what is behind those of other servers. */
export function concernsAvailability({ apiServices }: Server, key: string): boolean {
  if (key.startsWith(apiServicesPrefix)) return true
  return (key.startsWith(slicesPrefix) || key.startsWith(servicesPrefix)) && apiServices.hasRemote()
}

export function checkSoon(self: Self<ApiServerState>, afterMs = reactionMs): void {
  const { aggregation } = self.state
  const at = self.now + afterMs
  if (aggregation.event !== undefined && aggregation.at <= at) return
  if (aggregation.event !== undefined) self.cancel(aggregation.event)
  aggregation.at = at
  aggregation.event = self.schedule(afterMs, 'availability')
}
