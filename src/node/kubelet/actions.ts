import type { Container } from '../../api/core/pod.ts'
import { isRestartableInitContainer } from '../../api/core/resources.ts'
import { willRestart } from './container-status.ts'
import type { PodWorker } from './state.ts'

/** What syncPod does next about a Pod's containers: computePodActions of pkg/kubelet/kuberuntime, one action at a time. */
export type Action =
  | { readonly do: 'create-sandbox' }
  | { readonly do: 'kill'; readonly container: string; readonly message: string }
  | { readonly do: 'start'; readonly container: Container }
  | { readonly do: 'nothing' }

const nothing: Action = { do: 'nothing' }

/** The next action, given what this pass has tried already. */
export function nextAction(worker: PodWorker, attempted: ReadonlySet<string>): Action {
  const { sandbox } = worker
  if (!sandbox?.ready) return needsSandbox(worker) ? { do: 'create-sandbox' } : nothing
  const kill = unwanted(worker)
  if (kill) return kill
  if (isOver(worker)) return lastSidecar(worker) ?? nothing
  return nextEphemeral(worker, attempted) ?? nextInit(worker, attempted) ?? nextMain(worker, attempted)
}

/** Containers for debugging are started once, even while the Pod is being initialized. */
function nextEphemeral({ pod, containers }: PodWorker, attempted: ReadonlySet<string>): Action | undefined {
  const container = pod.spec.ephemeralContainers?.find(({ name }) => !containers.has(name) && !attempted.has(name))
  return container && { do: 'start', container }
}

/** Whether every container but the sidecars has run for the last time. */
function isOver(worker: PodWorker): boolean {
  const { pod, containers, kills } = worker
  return pod.spec.containers.every(container => {
    const record = containers.get(container.name)
    return record?.state === 'exited' && !kills.has(container.name) && !willRestart(worker, container)
  })
}

/** Sidecars end when nothing is left that they could serve, the last one first. */
function lastSidecar({ pod, containers, kills }: PodWorker): Action | undefined {
  const sidecar = (pod.spec.initContainers ?? [])
    .filter(isRestartableInitContainer)
    .findLast(({ name }) => containers.get(name)?.state === 'running' && !kills.has(name))
  return sidecar && { do: 'kill', container: sidecar.name, message: `Stopping container ${sidecar.name}` }
}

/** A Pod that has nothing left to run gets no new sandbox. */
function needsSandbox(worker: PodWorker): boolean {
  const { pod, sandboxAttempts } = worker
  if (sandboxAttempts === 0) return true
  if (pod.spec.restartPolicy === 'Never') return false
  return pod.spec.containers.some(container => willRestart(worker, container))
}

function unwanted({ pod, containers, kills }: PodWorker): Action | undefined {
  const again = pod.spec.restartPolicy === 'Never' ? '' : ', will be restarted'
  for (const [name, record] of containers) {
    if (record.state !== 'running' || kills.has(name)) continue
    if (record.failedProbe !== undefined) {
      return { do: 'kill', container: name, message: `Container ${name} failed ${record.failedProbe} probe${again}` }
    }
    const container = pod.spec.containers.find(candidate => candidate.name === name)
    if (!container || record.specImage === undefined || record.specImage === container.image) continue
    return { do: 'kill', container: name, message: `Container ${name} definition changed${again}` }
  }
  return undefined
}

/** Init containers run one after the other; sidecars among them must have started before the next one may. */
function nextInit(worker: PodWorker, attempted: ReadonlySet<string>): Action | undefined {
  const { pod, containers, probes } = worker
  const init = pod.spec.initContainers ?? []
  if (init.length === 0) return undefined
  const mainHasRun = pod.spec.containers.some(({ name }) => containers.has(name))
  // One a pass, so that each is told of before the next one starts.
  if (!mainHasRun && init.some(({ name }) => attempted.has(name))) return nothing
  for (const container of init) {
    const record = containers.get(container.name)
    if (isRestartableInitContainer(container)) {
      if (record?.state !== 'running' || record.failedProbe !== undefined) {
        if (!attempted.has(container.name) && !worker.kills.has(container.name)) return { do: 'start', container }
        if (!mainHasRun) return nothing
        continue
      }
      const startup = probes.get(`${container.name}/startup`)
      if (!mainHasRun && startup && startup.result !== true) return nothing
      continue
    }
    if (mainHasRun || (record?.state === 'exited' && record.exitCode === 0)) continue
    if (record?.state === 'running') return nothing
    const mayStart = !record || record.state !== 'exited' || willRestart(worker, container)
    return mayStart && !attempted.has(container.name) ? { do: 'start', container } : nothing
  }
  return undefined
}

function nextMain(worker: PodWorker, attempted: ReadonlySet<string>): Action {
  const { pod, containers, kills } = worker
  const container = pod.spec.containers.find(
    candidate =>
      containers.get(candidate.name)?.state !== 'running' &&
      !kills.has(candidate.name) &&
      !attempted.has(candidate.name) &&
      willRestart(worker, candidate),
  )
  return container ? { do: 'start', container } : nothing
}
