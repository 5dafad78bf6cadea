import { Pod } from '../../api/core/pod.ts'
import type { NewObject } from '../../client/api.ts'
import { deepFreeze, draftOf } from '../../machinery/object.ts'
import { timestamp } from '../../machinery/time.ts'
import { admit } from './admission.ts'
import { adopt } from './adopt.ts'
import type { Kubelet } from './context.ts'
import { removeMirror } from './mirror.ts'
import { newWorker } from './pods.ts'
import type { ManifestEvent } from './state.ts'
import { beginTermination } from './termination.ts'
import { requestSync } from './worker.ts'

/** Runs what the manifest directory says, with or without an API server: pkg/kubelet/config/file.go and common.go. */
export function manifestChanged(kubelet: Kubelet, { path, pod }: ManifestEvent): void {
  const { state } = kubelet
  if (!state.knowsRuntime) {
    state.manifestsRead.push({ path, ...(pod && { pod }) })
    return
  }
  const old = state.manifests.get(path)
  const next = pod && staticPod(kubelet, path, pod)
  if (old?.metadata.uid === next?.metadata.uid) return
  if (old) {
    const worker = state.workers.get(old.metadata.uid)
    if (worker) {
      removeMirror(kubelet, worker)
      worker.deleted = true
      beginTermination(kubelet, worker)
    }
    state.manifests.delete(path)
  }
  if (!next) return
  state.manifests.set(path, next)
  const worker = newWorker(kubelet, next, 'file')
  state.workers.set(worker.uid, worker)
  adopt(kubelet, worker)
  if (admit(kubelet, worker)) requestSync(kubelet, worker)
}

/** Completes a manifest: a name for this node, a uid from its content, no eviction by taints. */
function staticPod({ state, self }: Kubelet, path: string, manifest: NewObject<Pod>): Pod {
  const { nodeName } = state.config
  const hash = hashOf(`${nodeName}/${path}/${JSON.stringify(manifest)}`)
  const draft = draftOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...manifest.metadata,
      name: `${manifest.metadata?.name ?? ''}-${nodeName}`,
      namespace: manifest.metadata?.namespace ?? 'default',
      uid: hash,
      resourceVersion: '',
      creationTimestamp: timestamp(self.now),
      annotations: {
        ...manifest.metadata?.annotations,
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.seen': timestamp(self.now),
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: {
      ...manifest.spec,
      nodeName,
      tolerations: [...(manifest.spec?.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  })
  if (!isComplete(draft)) throw new Error(`manifest ${path} has no containers`)
  Pod.defaults?.(draft)
  return deepFreeze(draft)
}

/** Whoever writes manifests writes whole ones; defaulting fills in what may be left out. */
function isComplete(draft: object): draft is Pod {
  return 'spec' in draft && typeof draft.spec === 'object' && draft.spec !== null && 'containers' in draft.spec
}

/** 32 hexadecimal digits from a text: what stands in for the MD5 sum of the manifest. */
function hashOf(text: string): string {
  let hash = ''
  for (let round = 0; round < 4; round++) {
    let sum = 0x811c9dc5 ^ (round * 0x9e3779b9)
    for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
    hash += (sum >>> 0).toString(16).padStart(8, '0')
  }
  return hash
}
