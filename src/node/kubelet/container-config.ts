import type { Container } from '../../api/core/pod.ts'
import { podBehaviour } from '../../api/core/podbehaviour.ts'
import { deepFreeze } from '../../machinery/object.ts'
import { milliValue, value } from '../../machinery/quantity.ts'
import type { ContainerConfig, Mount } from '../cri/cri.ts'
import { formatPod, type Kubelet } from './context.ts'
import { environmentOf } from './environment.ts'
import { expand } from './expansion.ts'
import { oomScoreAdjust } from './oom-score.ts'
import type { PodWorker } from './state.ts'

export type ConfigResult =
  { readonly ok: true; readonly config: ContainerConfig } | { readonly ok: false; readonly error: string }

/**
 * What the runtime is told to make a container: generateContainerConfig of pkg/kubelet/kuberuntime. Fails with the words
 * of CreateContainerConfigError. Throws ApiError when a ConfigMap or Secret cannot be asked for.
 */
export function containerConfig(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  attempt: number,
  imageUser: number | string | undefined,
): ConfigResult {
  const refusal = nonRootRefusal(worker, container, imageUser)
  if (refusal !== undefined) return { ok: false, error: refusal }
  const environment = environmentOf(kubelet, worker, container)
  if (!environment.ok) return environment
  const { env } = environment
  const { containers, initContainers } = worker.pod.spec
  const { annotations } = worker.pod.metadata
  const behaviour = podBehaviour({ annotations, containers, initContainers })?.of(container.name)
  const { command, args, workingDir, resources, securityContext, lifecycle } = container
  const user = securityContext?.runAsUser ?? worker.pod.spec.securityContext?.runAsUser
  const cpu = resources?.limits?.['cpu']
  const cpuRequest = resources?.requests?.['cpu']
  const memory = resources?.limits?.['memory']
  const config: ContainerConfig = {
    name: container.name,
    image: container.image,
    ...(command && { command: command.map(word => expand(word, env)) }),
    ...(args && { args: args.map(word => expand(word, env)) }),
    env,
    ...(workingDir !== undefined && { workingDir }),
    mounts: mountsOf(worker, container, env),
    attempt,
    ...(user !== undefined && { user }),
    ...(lifecycle?.stopSignal && { stopSignal: lifecycle.stopSignal }),
    ...(cpu !== undefined && { cpuLimitMillis: milliValue(cpu) }),
    ...(cpuRequest !== undefined && { cpuShares: Math.max(Math.trunc((milliValue(cpuRequest) * 1_024) / 1_000), 2) }),
    ...(memory !== undefined && { memoryLimitBytes: value(memory) }),
    oomScoreAdjust: oomScoreAdjust(worker.pod, container, kubelet.state.config.memory),
    ...(behaviour && { behaviour }),
    terminationMessagePath: container.terminationMessagePath,
    tty: container.tty === true,
    stdin: container.stdin === true,
    ...(container.stdinOnce === true && { stdinOnce: true }),
  }
  return { ok: true, config: deepFreeze(config) }
}

/** verifyRunAsNonRoot of pkg/kubelet/kuberuntime/security_context.go. */
function nonRootRefusal(
  { pod }: PodWorker,
  container: Container,
  imageUser: number | string | undefined,
): string | undefined {
  const { securityContext: own } = container
  const { securityContext: shared } = pod.spec
  if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return undefined
  const where = `(pod: "${formatPod(pod)}", container: ${container.name})`
  const user = own?.runAsUser ?? shared?.runAsUser
  if (user !== undefined) return user === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined
  if (typeof imageUser === 'string') {
    return `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`
  }
  return imageUser === undefined || imageUser === 0
    ? `container has runAsNonRoot and image will run as root ${where}`
    : undefined
}

function mountsOf(worker: PodWorker, container: Container, env: Readonly<Record<string, string>>): Mount[] {
  const volumes = worker.pod.spec.volumes ?? []
  return (container.volumeMounts ?? []).flatMap(mount => {
    const volume = volumes.find(({ name }) => name === mount.name)
    if (!volume) return []
    const subPath = mount.subPathExpr === undefined ? mount.subPath : expand(mount.subPathExpr, env)
    const isReadOnlyKind = Boolean(volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI)
    return [
      {
        containerPath: mount.mountPath,
        readOnly: mount.readOnly === true || isReadOnlyKind,
        ...(subPath && { subPath }),
        source: volume.hostPath ? { hostPath: volume.hostPath.path } : { volumeId: volumeIdOf(worker, volume.name) },
      },
    ]
  })
}

/** What the runtime calls a Pod's volume. Claims keep their files when the Pod goes. */
export function volumeIdOf({ uid, pod }: PodWorker, name: string): string {
  const claim = pod.spec.volumes?.find(volume => volume.name === name)?.persistentVolumeClaim
  return claim ? `claim/${pod.metadata.namespace ?? 'default'}/${claim.claimName}` : `${uid}/${name}`
}
