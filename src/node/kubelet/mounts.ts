import type { Container } from '../../api/core/pod.ts'
import type { Volume } from '../../api/generated/core.v1.ts'
import { attempt } from '../../machinery/status.ts'
import { type Contents, contentsOf, isWritten, type Sources } from '../volumes/contents.ts'
import { volumeIdOf } from './container-config.ts'
import { type Kubelet, podEvent, tellRuntime } from './context.ts'
import { fieldValue, resourceValue } from './field-ref.ts'
import { configMap, secret } from './objects.ts'
import { syncLater } from './pass.ts'
import type { PodWorker } from './state.ts'
import { requestToken } from './tokens.ts'

/** goroutinemap/exponentialbackoff: 500 ms, doubled, up to 2 minutes and 2 seconds. */
const firstRetryMs = 500
const longestRetryMs = 122_000

/**
 * Makes a Pod's volumes ready, all or none: the pod worker does not go on without them. Returns whether they are; if
 * not, an Event says why and a retry is on its way. Models pkg/kubelet/volumemanager and operationexecutor.
 */
export function mountVolumes(kubelet: Kubelet, worker: PodWorker): boolean {
  const failed: string[] = []
  const written: { volumeId: string; files: Readonly<Record<string, string>> }[] = []
  for (const volume of worker.pod.spec.volumes ?? []) {
    const contents = safeContents(kubelet, worker, volume)
    if (contents.ok) {
      if (!volume.hostPath && !volume.persistentVolumeClaim) {
        written.push({ volumeId: volumeIdOf(worker, volume.name), files: contents.files })
      }
      continue
    }
    failed.push(volume.name)
    const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${contents.error}`
    podEvent(kubelet, worker.pod, 'Warning', 'FailedMount', message)
  }
  if (failed.length > 0) {
    worker.volumes = 'failing'
    tellTimeout(kubelet, worker, failed)
    worker.mountBackOffMs = Math.min(
      worker.mountBackOffMs === 0 ? firstRetryMs : 2 * worker.mountBackOffMs,
      longestRetryMs,
    )
    syncLater(kubelet, worker, worker.mountBackOffMs)
    return false
  }
  for (const { volumeId, files } of written) tellRuntime(kubelet, { call: 'WriteVolume', volumeId, files })
  worker.volumes = 'mounted'
  return true
}

/** podAttachAndMountTimeout of pkg/kubelet/volumemanager: how long a sync of the Pod waits for its volumes. */
const mountTimeoutMs = 123_000

/** Every two minutes the wait itself is told of. */
function tellTimeout(kubelet: Kubelet, worker: PodWorker, failed: readonly string[]): void {
  const { now } = kubelet.self
  worker.mountingSince ??= now
  if (now - worker.mountingSince < mountTimeoutMs) return
  worker.mountingSince = now
  const message = `Unable to attach or mount volumes: unmounted volumes=[${failed.join(' ')}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`
  podEvent(kubelet, worker.pod, 'Warning', 'FailedMount', message)
}

/** Writes the files of ConfigMaps, Secrets and the like again: what they were made of has changed. */
export function refreshVolumes(kubelet: Kubelet, worker: PodWorker): void {
  if (worker.volumes !== 'mounted' || worker.stage !== 'sync') return
  for (const volume of worker.pod.spec.volumes ?? []) {
    if (!isWritten(volume)) continue
    const contents = safeContents(kubelet, worker, volume)
    if (!contents.ok) continue
    tellRuntime(kubelet, { call: 'WriteVolume', volumeId: volumeIdOf(worker, volume.name), files: contents.files })
  }
}

function safeContents(kubelet: Kubelet, worker: PodWorker, volume: Volume): Contents {
  let contents: Contents = { ok: false, error: '' }
  const failure = attempt(() => {
    contents = contentsOf(volume, sourcesFor(kubelet, worker))
  })
  return failure ? { ok: false, error: failure.message } : contents
}

function sourcesFor(kubelet: Kubelet, worker: PodWorker): Sources {
  const { pod } = worker
  return {
    configMap: name => configMap(kubelet, worker, name),
    secret: name => secret(kubelet, worker, name),
    token: projection => requestToken(kubelet, worker, projection),
    downward({ fieldRef, resourceFieldRef }) {
      if (fieldRef) return fieldValue(kubelet, worker, fieldRef.fieldPath)
      const container = containerNamed(pod.spec.containers, resourceFieldRef?.containerName)
      return resourceFieldRef && container ? resourceValue(kubelet, pod, container, resourceFieldRef) : ''
    },
  }
}

function containerNamed(containers: readonly Container[], name: string | undefined): Container | undefined {
  return containers.find(container => container.name === name) ?? containers[0]
}
