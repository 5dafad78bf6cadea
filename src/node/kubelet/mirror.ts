import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { getCached } from '../../client/informer.ts'
import { attempt } from '../../machinery/status.ts'
import type { Kubelet } from './context.ts'
import { syncLater } from './pass.ts'
import type { PodWorker } from './state.ts'
import { settle } from './status-manager.ts'

const mirrorAnnotation = 'kubernetes.io/config.mirror'
const hashAnnotation = 'kubernetes.io/config.hash'

/** Whether a Pod in the API only shows a static Pod of some machine. */
export function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined
}

/**
 * Shows a static Pod in the API: makes its mirror Pod, anew if it shows an older manifest. While there is no API server
 * the Pod runs unseen. Models pkg/kubelet/pod/mirror_client.go.
 */
export function ensureMirror(kubelet: Kubelet, worker: PodWorker): void {
  const { state, api } = kubelet
  const { pod } = worker
  const node = getCached(state.node, Node, state.config.nodeName)
  if (!state.registered || !node || !state.pods.synced) return
  const key = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`
  const cached = getCached(state.pods, Pod, key)
  const isLatest = !worker.mirror || cached?.metadata.uid === worker.mirror.metadata.uid
  const mirror = isLatest ? cached : worker.mirror
  const hash = pod.metadata.annotations?.[hashAnnotation] ?? ''
  if (mirror) {
    const isCurrent = mirror.metadata.annotations?.[mirrorAnnotation] === hash
    if (isCurrent && mirror.metadata.deletionTimestamp === undefined) return
    const preconditions = { uid: mirror.metadata.uid }
    attempt(() => api.delete(Pod, mirror, { gracePeriodSeconds: 0, preconditions }))
  }
  const { name, namespace = 'default', labels } = pod.metadata
  const failure = attempt(() => {
    worker.mirror = api.create(Pod, {
      metadata: {
        ...{ name, namespace },
        ...(labels && { labels }),
        annotations: { ...pod.metadata.annotations, [mirrorAnnotation]: hash },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: state.config.nodeName, uid: node.metadata.uid, controller: true },
        ],
      },
      spec: pod.spec,
    })
    delete worker.sent
  })
  if (!failure) settle(kubelet, worker)
  else if (failure.reason !== 'AlreadyExists') syncLater(kubelet, worker, 10_000)
}

/** The static Pod is gone, and so is what showed it. */
export function removeMirror({ state, api }: Kubelet, worker: PodWorker): void {
  const { name, namespace = 'default' } = worker.pod.metadata
  const mirror = getCached(state.pods, Pod, `${namespace}/${name}`)
  if (mirror && isMirror(mirror)) attempt(() => api.delete(Pod, mirror, { gracePeriodSeconds: 0 }))
}
