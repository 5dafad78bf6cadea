import type { Container } from '../../api/core/pod.ts'
import { isRestartableInitContainer } from '../../api/core/resources.ts'
import { willRestart } from './container-status.ts'
import type { PodWorker } from './state.ts'

/** What syncPod does next about a Pod's containers: computePodActions of pkg/kubelet/kuberuntime, one action at a time. */
export type Action =
  | { readonly do: 'create-sandbox' }
  | { readonly do: 'end-sandbox' }
  | { readonly do: 'kill'; readonly container: string; readonly message: string }
  | { readonly do: 'start'; readonly container: Container }
  | { readonly do: 'nothing' }

const nothing: Action = { do: 'nothing' }

/** The next action, given what this pass has tried already. */
export function nextAction(worker: PodWorker, attempted: ReadonlySet<string>): Action {
  const { sandbox } = worker
  if (!sandbox?.ready) return needsSandbox(worker) ? { do: 'create-sandbox' } : nothing
  const kill = failedProbe(worker)
  if (kill) return kill
  return nextInit(worker, attempted) ?? nextMain(worker, attempted)
}

/** A Pod that has nothing left to run gets no new sandbox. */
function needsSandbox(worker: PodWorker): boolean {
  const { pod, sandboxAttempts } = worker
  if (sandboxAttempts === 0) return true
  if (pod.spec.restartPolicy === 'Never') return false
  return pod.spec.containers.some(container => willRestart(worker, container))
}

function failedProbe({ pod, containers, kills }: PodWorker): Action | undefined {
  for (const [name, record] of containers) {
    if (record.failedProbe === undefined || record.state !== 'running' || kills.has(name)) continue
    const again = pod.spec.restartPolicy === 'Never' ? '' : ', will be restarted'
    return { do: 'kill', container: name, message: `Container ${name} failed ${record.failedProbe} probe${again}` }
  }
  return undefined
}

/** Init containers run one after the other; sidecars among them must have started before the next one may. */
function nextInit(worker: PodWorker, attempted: ReadonlySet<string>): Action | undefined {
  const { pod, containers, probes } = worker
  const init = pod.spec.initContainers ?? []
  if (init.length === 0) return undefined
  const mainHasRun = pod.spec.containers.some(({ name }) => containers.has(name))
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
  let alive = 0
  for (const container of pod.spec.containers) {
    const { name } = container
    const isRunning = containers.get(name)?.state === 'running' || kills.has(name)
    if (isRunning || willRestart(worker, container)) alive++
    if (isRunning || attempted.has(name) || !willRestart(worker, container)) continue
    return { do: 'start', container }
  }
  return alive === 0 ? { do: 'end-sandbox' } : nothing
}
