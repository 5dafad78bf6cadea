import { createManager, type ManagerState } from '../client/controllers.ts'
import type { ApiServer } from '../control-plane/apiserver/server.ts'
import { managerOptions } from '../images/ingress-nginx/controller.ts'
import { ingressNginxImage } from '../images/ingress-nginx/image.ts'
import type { Transport } from '../machinery/rest.ts'
import { createNetwork } from '../network/network.ts'
import { createOutside } from '../network/outside.ts'
import { newNetwork, outside } from '../network/state.ts'
import { createCoreDns } from '../node/dns/coredns.ts'
import { type Followed, type FollowersState, newFollowers } from '../node/proxy/cursors.ts'
import { createFollowers, followersName } from '../node/proxy/followers.ts'
import { programmed, type ProgrammedService } from '../node/proxy/listing.ts'
import { createProxy } from '../node/proxy/proxy.ts'
import type { Image } from '../node/runtime/image.ts'
import type { ComponentDefinition } from '../sim/component.ts'
import type { Simulation } from '../sim/simulation.ts'

/** What the network needs of the cluster around it. */
export interface NetworkingOptions {
  simulation(): Simulation
  readonly apiServer: ApiServer
  transport(component: string): Transport
  /** Whether a machine reaches an API server now. */
  isConnected(machine: string): boolean
  /** Called after links were cut or mended, and machines switched on or off. */
  linksChanged?(): void
}

/** Everything that carries requests: component types, and images whose programs look at the cluster. */
export interface Networking {
  readonly definitions: readonly ComponentDefinition<never>[]
  readonly images: readonly Image[]
  /** Adds the components that are there before any machine. */
  begin(): void
  /** What a machine's kube-proxy has programmed by now. */
  rules(machine: string): readonly ProgrammedService[]
}

/** Puts network, kube-proxies, name servers and ingress controllers together. */
export function networking(options: NetworkingOptions): Networking {
  const { simulation, transport, isConnected } = options
  const followers = (): FollowersState => simulation().state(followersName)
  const followed = followedThrough(options)
  const now = (): number => simulation().now
  const translate = createProxy({
    ...{ followed, followers, now },
    random: follower => simulation().random(follower),
  })
  const linksChanged = (): void => {
    options.linksChanged?.()
    simulation().schedule(followersName, 0, 'links')
  }
  const machineChanged = (_self: unknown, machine: string, up: boolean): void => {
    if (!up) simulation().schedule(followersName, 0, 'reboot', machine)
    linksChanged()
  }
  const manager = managerOptions(transport)
  const stateOf = (component: string): ManagerState | undefined =>
    simulation().has(component) ? simulation().state<ManagerState>(component) : undefined
  return {
    definitions: [
      createNetwork({ translate, linksChanged, machineChanged }),
      createFollowers({ followed, transport, isConnected }),
      createCoreDns({ followed, followers }),
      createManager(manager),
      createOutside(),
    ],
    images: [ingressNginxImage({ manager, stateOf })],
    rules: machine => programmed(followed, followers(), machine, now()),
    begin() {
      simulation().add('network', 'network', newNetwork())
      simulation().add(followersName, 'followers', newFollowers())
      simulation().add(outside, 'outside', {})
      simulation().schedule(followersName, 0, 'start')
      simulation().schedule(outside, 0, 'start')
    },
  }
}

/** The API's history as followers read it. */
function followedThrough({ apiServer }: NetworkingOptions): Followed {
  return {
    list: (kind, revision) => apiServer.readAt(kind, revision),
    pin: (kind, revision) => apiServer.pin(kind, revision),
    unpin: (kind, revision) => apiServer.unpin(kind, revision),
  }
}
