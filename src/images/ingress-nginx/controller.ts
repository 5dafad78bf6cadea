import { Node } from '../../api/core/node.ts'
import { isReady, Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { Ingress, ingressClassAnnotation } from '../../api/networking/ingress.ts'
import { IngressClass } from '../../api/networking/ingressclass.ts'
import { cacheOf } from '../../client/cache.ts'
import { type Cache, type Context, defineController, watchOf } from '../../client/controller.ts'
import { type ManagerOptions, type ManagerState, newManager } from '../../client/controllers.ts'
import { isEqual, keyOf } from '../../machinery/object.ts'
import type { Transport, UserInfo } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { formatSet } from '../../machinery/labels.ts'

/** Flags of the program that matter here, and which Pod it is. Plain data, in the controller's memory. */
export interface Settings {
  readonly controllerClass: string
  readonly ingressClass: string
  readonly watchWithoutClass: boolean
  /** `namespace/name` of the Service whose addresses the Ingresses get. */
  readonly publishService: string
  readonly pod: { readonly namespace: string; readonly name: string }
}

/** Component type, and the name of the controller: its Events come from `nginx-ingress-controller`. */
export const componentType = 'ingress-nginx'
const controllerName = 'nginx-ingress-controller'

/** UpdateInterval of internal/ingress/status: how often addresses are looked at. */
const statusPeriodMs = 60_000

/**
 * Watches what nginx is configured from, and writes the addresses under which Ingresses are reached into their status.
 * Models ingress-nginx internal/ingress/{controller/store,status}. Every replica writes the same status; upstream lets
 * the leader do it.
 */
const ingressController = defineController<Ingress>({
  name: controllerName,
  reconciles: Ingress,
  watches: [
    watchOf(IngressClass, (_old, _next, cache) => cache.list(Ingress).map(keyOf)),
    // Configuration reads the caches when a request asks; these only have to be there.
    watchOf(Service, () => []),
    watchOf(EndpointSlice, () => []),
  ],
  concerns: (old, next) =>
    old?.metadata.generation !== next?.metadata.generation || !isEqual(annotations(old), annotations(next)),
  reconcile(ingress, context) {
    reconfigure(context)
    const settings = settingsOf(context.memory)
    if (settings && isOurs(ingress, context.cache, settings)) {
      context.event(ingress, 'Normal', 'Sync', 'Scheduled for sync')
    }
  },
  removed: (_key, context) => reconfigure(context),
  periodMs: statusPeriodMs,
  tick(context) {
    const settings = settingsOf(context.memory)
    if (!settings) return
    const addresses = addressesOf(context, settings)
    if (!addresses) return
    for (const ingress of ownIngresses(context.cache, settings)) {
      if (isEqual(ingress.status.loadBalancer.ingress ?? [], addresses)) continue
      attempt(() => {
        context.api.updateStatus(Ingress, { ...ingress, status: { loadBalancer: { ingress: [...addresses] } } })
      })
    }
  },
})

function annotations(ingress: Ingress | undefined): Record<string, string> | undefined {
  return ingress?.metadata.annotations
}

/** Tells nginx that its configuration has to be made anew. */
function reconfigure({ memory }: Context): void {
  memory.set('generation', generationOf(memory) + 1)
}

export function managerOptions(transport: (component: string) => Transport): ManagerOptions {
  return { type: componentType, controllers: [ingressController], transport }
}

/** A controller that has not seen anything yet. */
export function newIngressController(
  options: ManagerOptions,
  settings: Settings,
  now: number,
  user: UserInfo,
): ManagerState {
  const state = newManager(options, now, undefined, undefined, user)
  state.controllers.get(controllerName)?.memory.set('settings', settings)
  return state
}

/** What requests are routed by: caches, and a number that grows with every change of the configuration. */
export interface Routing {
  readonly cache: Cache
  readonly generation: number
  /** Whether everything was listed once: nginx listens when its first configuration is written. */
  readonly synced: boolean
  ingresses(): readonly Ingress[]
}

export function routingOf({ informers, controllers }: ManagerState): Routing {
  const cache = cacheOf(informers)
  const memory = controllers.get(controllerName)?.memory ?? new Map<string, unknown>()
  const settings = settingsOf(memory)
  return {
    cache,
    generation: generationOf(memory),
    synced: [...informers.values()].every(informer => informer.synced),
    ingresses: () => (settings ? ownIngresses(cache, settings) : []),
  }
}

function ownIngresses(cache: Cache, settings: Settings): readonly Ingress[] {
  return cache.list(Ingress).filter(ingress => isOurs(ingress, cache, settings))
}

/** Whether an Ingress is of a class of this controller (store.go, GetIngressClass). */
function isOurs({ spec, metadata }: Ingress, cache: Cache, settings: Settings): boolean {
  if (spec.ingressClassName !== undefined) {
    return cache.get(IngressClass, spec.ingressClassName)?.spec.controller === settings.controllerClass
  }
  const named = metadata.annotations?.[ingressClassAnnotation]
  if (named !== undefined) return named === settings.ingressClass
  return settings.watchWithoutClass
}

/** Addresses of the published Service, or of the nodes on which ready replicas of this Pod run; undefined for now unknown. */
function addressesOf(context: Context, settings: Settings): readonly { ip: string }[] | undefined {
  const { api, cache } = context
  const addresses = new Set<string>()
  const failure = attempt(() => {
    if (settings.publishService !== '') {
      const [namespace = '', name = ''] = settings.publishService.split('/')
      const service = cache.get(Service, name, namespace)
      for (const { ip } of service?.status.loadBalancer.ingress ?? []) if (ip) addresses.add(ip)
      if (service && service.spec.type !== 'LoadBalancer' && service.spec.clusterIP)
        addresses.add(service.spec.clusterIP)
      return
    }
    const own = api.get(Pod, settings.pod.name, settings.pod.namespace)
    const labelSelector = formatSet(own.metadata.labels)
    for (const pod of api.list(Pod, settings.pod.namespace, { labelSelector })) {
      if (pod.status.phase !== 'Running' || !isReady(pod) || !pod.spec.nodeName) continue
      addresses.add(nodeAddress(api.get(Node, pod.spec.nodeName)))
    }
  })
  if (failure) return undefined
  return [...addresses].sort().map(ip => ({ ip }))
}

function nodeAddress({ status }: Node): string {
  const address = (type: string): string | undefined =>
    status.addresses?.find(candidate => candidate.type === type)?.address
  return address('ExternalIP') ?? address('InternalIP') ?? ''
}

function generationOf(memory: ReadonlyMap<string, unknown>): number {
  const generation = memory.get('generation')
  return typeof generation === 'number' ? generation : 0
}

function settingsOf(memory: ReadonlyMap<string, unknown>): Settings | undefined {
  const settings = memory.get('settings')
  return isSettings(settings) ? settings : undefined
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && 'controllerClass' in value
}
