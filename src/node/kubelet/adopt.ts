import type { ContainerStatus } from '../../api/generated/core.v1.ts'
import { parseTime } from '../../machinery/time.ts'
import type { FoundContainer, FoundPod } from '../cri/cri.ts'
import { terminationOf } from './container-status.ts'
import type { Kubelet } from './context.ts'
import type { ContainerRecord, PodWorker, Termination } from './state.ts'

/** unknownExitCode of containerd: how a container ended that was running when its machine stopped. */
const unknownExitCode = 255

/**
 * A Pod that ran here before this kubelet began. If the runtime still has its containers, they are taken over as they
 * are; if the machine was started anew they have ended, nobody saw how, and are started again with their counts.
 */
export function adopt({ state, self }: Kubelet, worker: PodWorker): void {
  const { status } = worker.pod
  const found = state.found.get(worker.uid)
  state.found.delete(worker.uid)
  const told = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ]
  if (found) {
    takeOver(worker, found, told)
    return
  }
  delete worker.sandbox
  for (const before of told) {
    if (before.containerID === undefined) continue
    worker.sandboxAttempts = 1
    worker.containers.set(before.name, endedRecord(before, parseTime(worker.startTime), self.now))
  }
}

function takeOver(worker: PodWorker, found: FoundPod, told: readonly ContainerStatus[]): void {
  const { sandbox } = found
  worker.sandboxAttempts = sandbox.attempt + 1
  worker.sandbox = { ...sandbox }
  const known = new Map(worker.containers)
  worker.containers.clear()
  worker.dead.length = 0
  for (const container of [...found.containers].sort((a, b) => a.attempt - b.attempt)) {
    const older = worker.containers.get(container.name)
    if (older?.id !== undefined) worker.dead.push(older.id)
    const before = told.find(({ name }) => name === container.name)
    const last = older ? terminationOf(older) : (known.get(container.name)?.last ?? lastOf(before))
    const specImage = known.get(container.name)?.specImage
    worker.containers.set(container.name, {
      ...recordOf(container),
      ...(last && { last }),
      ...(specImage !== undefined && { specImage }),
    })
  }
}

function recordOf(container: FoundContainer): ContainerRecord {
  const { id, attempt, image, imageId, state, startedAt, finishedAt, exitCode, reason, message } = container
  return {
    ...{ id, attempt, image, imageId, state },
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  }
}

function endedRecord(before: ContainerStatus, startTime: number, now: number): ContainerRecord {
  const { running, terminated } = before.state
  const startedAt = running?.startedAt ?? terminated?.startedAt
  return {
    id: bareId(before.containerID ?? ''),
    attempt: before.restartCount,
    image: before.image,
    imageId: before.imageID,
    state: 'exited',
    startedAt: startedAt === undefined ? startTime : parseTime(startedAt),
    finishedAt: terminated?.finishedAt === undefined ? now : parseTime(terminated.finishedAt),
    exitCode: terminated?.exitCode ?? unknownExitCode,
    reason: terminated?.reason ?? 'Unknown',
    ...(terminated?.message !== undefined && { message: terminated.message }),
  }
}

function lastOf(before: ContainerStatus | undefined): Termination | undefined {
  const last = before?.lastState.terminated
  if (!last) return undefined
  const { exitCode, reason, message, startedAt, finishedAt, containerID } = last
  return Object.freeze({
    exitCode,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(startedAt !== undefined && { startedAt: parseTime(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: parseTime(finishedAt) }),
    ...(containerID !== undefined && { id: bareId(containerID) }),
  })
}

function bareId(containerId: string): string {
  return containerId.replace(/^.*:\/\//, '')
}
