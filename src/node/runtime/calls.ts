import type { ContainerConfig, CriCall, CriRequest } from '../cri/cri.ts'
import { about, type Engine, newId, refuse, reply } from './engine.ts'
import { runtimeStatus } from './host-files.ts'
import { foundPods } from './listing.ts'
import { execInContainer, invoke, startContainer, stopContainer } from './lifecycle.ts'
import { newMeter } from './meter.ts'
import { findImage, imageStatus, pullImage, removeImage } from './pulls.ts'
import { removeSandbox, runSandbox, stopSandbox } from './sandboxes.ts'
import type { Container } from './state.ts'
import { machineStats } from './stats.ts'

/** Does what the kubelet asks. Every call is answered once, after the time that the work takes. */
export function handleCall(engine: Engine, { id, request }: CriRequest): void {
  switch (request.call) {
    case 'Status':
      return reply(engine, id, 1, { status: runtimeStatus(engine) })
    case 'ListContainers':
      return reply(engine, id, 5, { pods: foundPods(engine.state) })
    case 'ListContainerStats':
      return reply(engine, id, 5, { stats: machineStats(engine.state, engine.self.now) })
    case 'UpdateRuntimeConfig':
      engine.state.podCidr = request.podCidr
      return reply(engine, id, 1)
    case 'RunPodSandbox':
      return runSandbox(engine, id, request.sandbox)
    case 'StopPodSandbox':
      return stopSandbox(engine, id, request.sandboxId)
    case 'RemovePodSandbox':
      return removeSandbox(engine, id, request.sandboxId)
    case 'ImageStatus':
      return imageStatus(engine, id, request.image)
    case 'PullImage':
      return pullImage(engine, id, request.image, request.pod)
    case 'RemoveImage':
      return removeImage(engine, id, request.image)
    case 'CreateContainer':
      return createContainer(engine, id, request.sandboxId, request.container)
    case 'StartContainer':
      return start(engine, id, request.containerId)
    case 'StopContainer':
      return withContainer(engine, id, request.containerId, container =>
        stopContainer(engine, container, id, request.timeoutSeconds),
      )
    case 'RemoveContainer':
      engine.state.containers.delete(request.containerId)
      return reply(engine, id, about(engine, 15))
    case 'ExecSync':
      return execSync(engine, id, request)
    case 'WriteVolume':
      engine.state.volumes.set(request.volumeId, new Map(Object.entries(request.files)))
      return reply(engine, id, 1)
    case 'RemoveVolume':
      engine.state.volumes.delete(request.volumeId)
      return reply(engine, id, 1)
  }
}

function createContainer(engine: Engine, call: number, sandboxId: string, config: ContainerConfig): void {
  const { state, self } = engine
  const image = findImage(engine, config.image)
  if (!image || !state.sandboxes.get(sandboxId)?.ready) {
    const what = image ? `sandbox "${sandboxId}"` : `image "${config.image}"`
    refuse(engine, call, about(engine, 5), `rpc error: code = NotFound desc = failed to find ${what}: not found`)
    return
  }
  const container: Container = {
    id: newId(engine),
    sandboxId,
    config,
    image,
    createdAt: self.now,
    state: 'created',
    processes: new Map(),
    meter: newMeter(self.now),
    overlay: new Map(),
    log: [],
  }
  state.containers.set(container.id, container)
  reply(engine, call, about(engine, 45), { containerId: container.id, imageId: image.imageId })
}

function start(engine: Engine, call: number, containerId: string): void {
  withContainer(engine, call, containerId, container => {
    const error = startContainer(engine, container)
    if (error === undefined) reply(engine, call, about(engine, 50))
    else refuse(engine, call, about(engine, 50), error)
  })
}

function execSync(engine: Engine, call: number, request: CriCall & { call: 'ExecSync' }): void {
  withContainer(engine, call, request.containerId, container => {
    const result = execInContainer(engine, container, request.command, { call })
    if ('error' in result) refuse(engine, call, about(engine, 20), result.error)
    else if (request.timeoutSeconds > 0 && container.processes.has(result.pid)) {
      const timeout: ExecTimeout = { container: container.id, pid: result.pid }
      engine.self.schedule(request.timeoutSeconds * 1_000, 'exec-timeout', timeout)
    }
  })
}

/** Data of the event `exec-timeout`: a command has had its time. */
export interface ExecTimeout {
  readonly container: string
  readonly pid: number
}

/** Kills a command that took too long. Whoever waited for it has given up. */
export function endExec(engine: Engine, { container: id, pid }: ExecTimeout): void {
  const container = engine.state.containers.get(id)
  const record = container?.processes.get(pid)
  if (container && record) invoke(engine, container, record, (_program, process) => process.exit(137))
}

function withContainer(engine: Engine, call: number, id: string, action: (container: Container) => void): void {
  const container = engine.state.containers.get(id)
  if (container) return action(container)
  const error = `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`
  refuse(engine, call, about(engine, 2), error)
}
