import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { type Api, createApi } from '../../client/api.ts'
import { deliver, type InformerState, newInformer, resumeInformer } from '../../client/informer.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { Transport, UserInfo, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'

/** What metrics-server knows of the API: which nodes to ask, and which Pods there are. Plain data. */
export interface Informers {
  readonly user: UserInfo
  readonly nodes: InformerState
  readonly pods: InformerState
  /** Why the API does not answer: it is not reached, or refuses. */
  failure?: string
}

export const componentType = 'metrics-server'
const retryMs = 1_000
const kinds: readonly Kind[] = [Node, Pod]

export function newInformers(user: UserInfo): Informers {
  return { user, nodes: newInformer(Node), pods: newInformer(Pod) }
}

export function haveSynced({ nodes, pods }: Informers): boolean {
  return nodes.synced && pods.synced
}

/** The component `metrics-server/<pod uid>`: the watches of a process of metrics-server, which live as long as it. */
export function createInformers(transport: (component: string) => Transport): ComponentDefinition<Informers> {
  const apis = new Map<string, Api>()
  const apiOf = (self: Self<Informers>): Api => {
    let api = apis.get(self.name)
    const identity = { user: self.state.user, userAgent: 'metrics-server/v0.8.0 (linux/amd64) kubernetes/' }
    if (!api) apis.set(self.name, (api = createApi(transport(self.name), identity)))
    return api
  }
  const connect = (self: Self<Informers>, resource: string): void => {
    const kind = kinds.find(each => each.resource === resource)
    if (!kind) return
    const informer = informerOf(self.state, kind)
    if (informer.watchId !== undefined) return
    const failure = attempt(() => resumeInformer(informer, kind, apiOf(self), self.name, () => undefined))
    if (!failure) {
      delete self.state.failure
      return
    }
    self.state.failure = failure.message
    self.schedule(retryMs * (1 + self.random()), 'connect', resource)
  }
  return defineComponent<Informers>({
    type: componentType,
    on: {
      start: self => {
        for (const { resource } of kinds) connect(self, resource)
      },
      connect,
      watch(self, delivery: WatchDelivery) {
        for (const kind of kinds) {
          const informer = informerOf(self.state, kind)
          if (delivery.watchId !== informer.watchId) continue
          if (!deliver(informer, kind, delivery, () => undefined)) self.schedule(retryMs, 'connect', kind.resource)
        }
      },
    },
  })
}

function informerOf({ nodes, pods }: Informers, kind: Kind): InformerState {
  return kind === Node ? nodes : pods
}
