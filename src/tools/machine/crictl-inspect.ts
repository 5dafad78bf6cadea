import { timestamp } from '../../machinery/time.ts'
import type { RunningContainer, RunningSandbox } from './machine-view.ts'

/** `crictl inspect`: a container's status and how it was started. */
export function inspectContainer(container: RunningContainer): unknown {
  const { id, name, attempt, state, createdAt, startedAt, finishedAt, exitCode, image, imageId, processes } = container
  const when = (ms: number | undefined): string => (ms === undefined ? '1970-01-01T00:00:00Z' : timestamp(ms))
  return {
    status: {
      id,
      metadata: { attempt, name },
      state: `CONTAINER_${state.toUpperCase()}`,
      createdAt: when(createdAt),
      startedAt: when(startedAt),
      finishedAt: when(finishedAt),
      exitCode: exitCode ?? 0,
      image: { image },
      imageRef: imageId,
      labels: {
        'io.kubernetes.container.name': name,
        'io.kubernetes.pod.name': container.pod,
        'io.kubernetes.pod.namespace': container.namespace,
      },
    },
    info: {
      sandboxID: container.sandboxId,
      pid: processes[0]?.pid ?? 0,
      runtimeSpec: { process: { args: processes[0]?.argv ?? [] } },
    },
  }
}

/** `crictl inspectp`. */
export function inspectSandbox({
  id,
  name,
  namespace,
  uid,
  attempt,
  ready,
  createdAt,
  addresses,
}: RunningSandbox): unknown {
  return {
    status: {
      id,
      metadata: { attempt, name, namespace, uid },
      state: ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
      createdAt: timestamp(createdAt),
      network: { additionalIps: [], ip: addresses[0] ?? '' },
      labels: {
        'io.kubernetes.pod.name': name,
        'io.kubernetes.pod.namespace': namespace,
        'io.kubernetes.pod.uid': uid,
      },
    },
  }
}
