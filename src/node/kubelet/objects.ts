import { ConfigMap } from '../../api/core/configmap.ts'
import { Secret } from '../../api/core/secret.ts'
import { deliver, newInformer, resumeInformer, startInformer } from '../../client/informer.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import type { Kubelet } from './context.ts'
import type { ObjectWatch, PodWorker } from './state.ts'

/**
 * ConfigMaps and Secrets that the Pods of this node use, each watched by its name for as long as a Pod needs it. Models
 * pkg/kubelet/util/manager/watch_based_manager.go.
 */
export function configMap(kubelet: Kubelet, worker: PodWorker, name: string): ConfigMap | undefined {
  const found = lookUp(kubelet, worker, ConfigMap, name)
  return found && isConfigMap(found) ? found : undefined
}

export function secret(kubelet: Kubelet, worker: PodWorker, name: string): Secret | undefined {
  const found = lookUp(kubelet, worker, Secret, name)
  return found && isSecret(found) ? found : undefined
}

function isConfigMap(object: ApiObject): object is ConfigMap {
  return object.kind === 'ConfigMap'
}

function isSecret(object: ApiObject): object is Secret {
  return object.kind === 'Secret'
}

/** Throws ApiError when the object is not known yet and the API cannot be reached. */
function lookUp(kubelet: Kubelet, worker: PodWorker, kind: Kind, name: string): ApiObject | undefined {
  const { state, api, self } = kubelet
  const { namespace = 'default' } = worker.pod.metadata
  const key = `${kind.resource}/${namespace}/${name}`
  let watch = state.objects.get(key)
  if (!watch) {
    watch = { informer: newInformer(kind, { fieldSelector: `metadata.name=${name}` }, namespace), users: new Set() }
    startInformer(watch.informer, kind, api, self.name, () => undefined)
    state.objects.set(key, watch)
  }
  watch.users.add(worker.uid)
  worker.refs.add(key)
  return watch.informer.items.get(`${namespace}/${name}`)
}

/** The Pod needs its ConfigMaps and Secrets no more. */
export function releaseObjects({ state, api }: Kubelet, worker: PodWorker): void {
  for (const key of worker.refs) {
    const watch = state.objects.get(key)
    watch?.users.delete(worker.uid)
    if (!watch || watch.users.size > 0) continue
    if (watch.informer.watchId !== undefined) api.stopWatch(watch.informer.watchId)
    state.objects.delete(key)
  }
  worker.refs.clear()
}

/** How long after a change the volumes of running Pods show it: up to the pod worker's resync interval. */
const refreshMs = 60_000

/** Takes in a delivery if it is for one of the watched objects; Pods that use it get their files anew after a while. */
export function deliverObject(kubelet: Kubelet, delivery: WatchDelivery): boolean {
  for (const [key, watch] of kubelet.state.objects) {
    if (watch.informer.watchId !== delivery.watchId) continue
    const open = deliver(watch.informer, kindOf(key), delivery, () => refreshUsers(kubelet, watch))
    if (!open) kubelet.self.schedule(1_000, 'connect', key)
    return true
  }
  return false
}

/** Takes up the watch of an object again. */
export function reconnectObject(kubelet: Kubelet, key: string): void {
  const watch = kubelet.state.objects.get(key)
  if (!watch || watch.informer.watchId !== undefined) return
  const { api, self } = kubelet
  const changed = (): void => refreshUsers(kubelet, watch)
  const failure = attempt(() => resumeInformer(watch.informer, kindOf(key), api, self.name, changed))
  if (failure) self.schedule(1_000 * (1 + self.random()), 'connect', key)
}

function refreshUsers({ self }: Kubelet, { users }: ObjectWatch): void {
  for (const uid of users) self.schedule(refreshMs * self.random(), 'refresh', uid)
}

function kindOf(key: string): Kind {
  return key.startsWith(`${Secret.resource}/`) ? Secret : ConfigMap
}
