import { Pod, podReady, podRestarts, podStatus } from '../../api/core/pod.ts'
import { controllerOf } from '../../machinery/object.ts'
import { drawingOf, idOf, relation } from '../contribution.ts'
import type { Tone } from '../model.ts'
import { mountsOf } from './mounts.ts'

/** A Pod inside its machine, under the word that `kubectl get pods` prints, and a line from its owner. */
export const podDrawing = drawingOf(Pod, (pod, order) => {
  const { metadata, spec, status } = pod
  const id = idOf.pod(metadata.uid)
  const word = podStatus(pod)
  const ready = podReady(pod)
  const restarts = podRestarts(pod)
  const owner = controllerOf(pod)
  const [first] = spec.containers
  return {
    items: [
      {
        id,
        type: 'pod',
        kind: 'Pod',
        resource: Pod.resource,
        name: metadata.name,
        namespace: metadata.namespace ?? '',
        ...(spec.nodeName && { parent: idOf.machine(spec.nodeName) }),
        tone: toneOf(word, ready),
        status: word,
        facts: {
          ready,
          restarts: String(restarts),
          ...(status.podIP && { address: status.podIP }),
          ...(first?.image && { image: first.image }),
          ...(owner && { owner: `${owner.kind}/${owner.name}` }),
        },
        order,
      },
    ],
    relations: [
      ...(owner ? [relation('owns', idOf.workload(owner.uid), id)] : []),
      ...mountsOf(pod).map(mounted => relation('mounts', id, mounted)),
    ],
  }
})

const toneOfWord: Readonly<Record<string, Tone>> = {
  Pending: 'busy',
  ContainerCreating: 'busy',
  PodInitializing: 'busy',
  Terminating: 'idle',
  Completed: 'idle',
  Succeeded: 'idle',
  Unknown: 'unknown',
  CrashLoopBackOff: 'bad',
  ErrImagePull: 'bad',
  ImagePullBackOff: 'bad',
  ErrImageNeverPull: 'bad',
  InvalidImageName: 'bad',
  CreateContainerConfigError: 'bad',
  RunContainerError: 'bad',
  OOMKilled: 'bad',
  Error: 'bad',
  Failed: 'bad',
  Evicted: 'bad',
}

/** A running Pod is good when all its containers are ready; words that are not known are warnings, or init progress. */
function toneOf(word: string, ready: string): Tone {
  const known = toneOfWord[word]
  if (known) return known
  if (word.startsWith('Init:')) return /Error|BackOff|Err/.test(word) ? 'bad' : 'busy'
  if (word !== 'Running') return 'warning'
  const [count, of] = ready.split('/')
  return count === of ? 'good' : 'busy'
}
