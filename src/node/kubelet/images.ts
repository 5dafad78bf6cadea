import type { Container } from '../../api/core/pod.ts'
import type { CriValue } from '../cri/cri.ts'
import { parseReference } from '../runtime/reference.ts'
import { backOffUntil, nextBackOff } from './backoff.ts'
import { attempt } from '../../machinery/status.ts'
import { callRuntime, containerEvent, type Kubelet, podEvent, refOf } from './context.ts'
import { goDuration } from './duration.ts'
import { secret } from './objects.ts'
import type { Pull, PodWorker } from './state.ts'

/** Where the image of a container stands: here, on its way, or not to be had. */
export type ImageOutcome =
  | { readonly is: 'present'; readonly imageUser?: number | string }
  | { readonly is: 'pulling' }
  | { readonly is: 'failed'; readonly reason: string; readonly message: string; readonly until?: number }

/**
 * Decides about the image of a container by its pull policy: EnsureImageExists of pkg/kubelet/images/image_manager.go.
 * Without `status` it says what can be said before the runtime was asked, which is nothing for most.
 */
export function pullDecision(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  status?: CriValue,
): ImageOutcome | undefined {
  const { image, name, imagePullPolicy } = container
  const { pod } = worker
  const parsed = parseReference(image)
  if (!parsed.ok) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${parsed.error}`
    containerEvent(kubelet, pod, name, 'Warning', 'InspectFailed', message)
    return { is: 'failed', reason: 'InvalidImageName', message }
  }
  if (!status) return undefined
  const isPresent = status.imageId !== undefined
  if (isPresent && imagePullPolicy !== 'Always') {
    const message = `Container image "${image}" already present on machine and can be accessed by the pod`
    containerEvent(kubelet, pod, name, 'Normal', 'Pulled', message)
    remember(kubelet, container, status)
    return present(status)
  }
  if (imagePullPolicy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    containerEvent(kubelet, pod, name, 'Warning', 'ErrImageNeverPull', message)
    return { is: 'failed', reason: 'ErrImageNeverPull', message }
  }
  return backingOff(kubelet, worker, container) ?? enqueuePull(kubelet, worker, container)
}

function backingOff(kubelet: Kubelet, worker: PodWorker, { image, name }: Container): ImageOutcome | undefined {
  const entry = worker.pulls.get(image)
  const until = entry && backOffUntil(entry, entry.updatedAt, kubelet.self.now)
  if (!entry || until === undefined) return undefined
  const message = `Back-off pulling image "${image}"`
  containerEvent(kubelet, worker.pod, name, 'Normal', 'BackOff', message)
  const told = entry.error === undefined ? message : `${message}: ErrImagePull: ${entry.error}`
  return { is: 'failed', reason: 'ImagePullBackOff', message: told, until }
}

/** A pull goes on without the secrets that are not there: getPullSecretsForPod of pkg/kubelet/kubelet_pods.go. */
function missSecrets(kubelet: Kubelet, worker: PodWorker): void {
  const names = (worker.pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => name)
  const missing = names.filter(name => name !== '' && !secret(kubelet, worker, name))
  if (missing.length === 0) return
  const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
  podEvent(kubelet, worker.pod, 'Warning', 'FailedToRetrieveImagePullSecret', message)
}

function enqueuePull(kubelet: Kubelet, worker: PodWorker, { image, name }: Container): ImageOutcome {
  const { state, self } = kubelet
  attempt(() => missSecrets(kubelet, worker))
  containerEvent(kubelet, worker.pod, name, 'Normal', 'Pulling', `Pulling image "${image}"`)
  const pull: Pull = { uid: worker.uid, container: name, image, askedAt: self.now, startedAt: self.now }
  if (state.pulls.current) state.pulls.waiting.push(pull)
  else beginPull(kubelet, pull)
  return { is: 'pulling' }
}

function beginPull(kubelet: Kubelet, pull: Pull): void {
  const { state, self } = kubelet
  pull.startedAt = self.now
  state.pulls.current = pull
  const worker = state.workers.get(pull.uid)
  const pod = worker ? refOf(worker.pod) : { resource: 'pods', name: '' }
  callRuntime(kubelet, { call: 'PullImage', image: pull.image, pod }, { ...pull, purpose: 'pull' })
}

/** A pull has ended: the next one begins. Returns the one that ended. */
export function nextPull(kubelet: Kubelet): Pull | undefined {
  const { pulls, workers } = kubelet.state
  const ended = pulls.current
  delete pulls.current
  for (let next = pulls.waiting.shift(); next; next = pulls.waiting.shift()) {
    // Who has been deleted meanwhile does not need it any more.
    if (workers.get(next.uid)?.stage !== 'sync') continue
    beginPull(kubelet, next)
    break
  }
  return ended
}

/** The image has arrived. */
export function pulled(kubelet: Kubelet, worker: PodWorker, container: Container, value: CriValue): ImageOutcome {
  const { pull } = worker
  const { now } = kubelet.self
  const tookMs = now - (pull?.startedAt ?? now)
  const waitedMs = now - (pull?.askedAt ?? now)
  const message =
    `Successfully pulled image "${container.image}" in ${goDuration(tookMs)} ` +
    `(${goDuration(waitedMs)} including waiting). Image size: ${value.imageBytes ?? 0} bytes.`
  containerEvent(kubelet, worker.pod, container.name, 'Normal', 'Pulled', message)
  remember(kubelet, container, value)
  return present(value)
}

export function pullFailed(kubelet: Kubelet, worker: PodWorker, container: Container, error: string): ImageOutcome {
  const { image, name } = container
  const { now } = kubelet.self
  containerEvent(kubelet, worker.pod, name, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`)
  nextBackOff(worker.pulls, image, now, now).error = error
  return { is: 'failed', reason: 'ErrImagePull', message: error }
}

function present({ imageUser }: CriValue): ImageOutcome {
  return { is: 'present', ...(imageUser !== undefined && { imageUser }) }
}

function remember({ state }: Kubelet, { image }: Container, { imageId, imageBytes = 0, imageUser }: CriValue): void {
  const parsed = parseReference(image)
  if (imageId === undefined || !parsed.ok) return
  const { name } = parsed.reference
  const before = state.images.get(imageId)
  if (before?.names.includes(name)) return
  const names = [...(before?.names ?? []), name]
  const seen = { names, sizeBytes: imageBytes, ...(imageUser !== undefined && { user: imageUser }) }
  state.images.set(imageId, Object.freeze(seen))
}
