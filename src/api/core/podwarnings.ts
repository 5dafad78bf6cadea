import { milliValue } from '../../machinery/quantity.ts'
import { quote } from '../../machinery/go-text.ts'
import { own } from '../../machinery/json-value.ts'
import { isDns1123Label } from '../../machinery/validation.ts'
import type { Container, Pod, PodSpec, PodTemplateSpec, Volume } from '../generated/core.v1.ts'
import { behaviourWarnings } from './podbehaviour.ts'

/** Doubtful but allowed: kubernetes/pkg/api/pod/warnings.go. Updates that leave the spec alone warn of nothing. */
export function podWarnings(pod: Pod, old: Pod | undefined): string[] {
  const { annotations } = pod.metadata
  const staged = annotations === old?.metadata.annotations ? [] : ofBehaviour('metadata', annotations, pod.spec)
  if (pod.spec === old?.spec) return staged
  const wrong = old ? [] : isDns1123Label(pod.metadata.name)
  return [...nameWarning("the Pod's hostname", wrong), ...podSpecWarnings('spec', pod.spec), ...staged]
}

/** What workloads warn of: doubtful names when they are made, doubtful templates whenever they change. */
export function workloadWarnings(name: string, isNew: boolean, template: PodTemplateSpec | undefined): string[] {
  const wrong = isNew ? isDns1123Label(name) : []
  const warnings = nameWarning('Pod names and hostnames', wrong)
  return template ? [...warnings, ...templateWarnings('spec.template', template)] : warnings
}

/** What a template of Pods is warned of, under its path. */
export function templateWarnings(path: string, { metadata, spec }: PodTemplateSpec): string[] {
  return [...podSpecWarnings(`${path}.spec`, spec), ...ofBehaviour(`${path}.metadata`, metadata?.annotations, spec)]
}

function ofBehaviour(path: string, annotations: Readonly<Record<string, string>> | undefined, spec: PodSpec): string[] {
  const { containers, initContainers } = spec
  return annotations ? behaviourWarnings(path, { annotations, containers, initContainers }) : []
}

export function nameWarning(use: string, wrong: readonly string[]): string[] {
  if (wrong.length === 0) return []
  const surprising = 'which can result in surprising behavior; a DNS label is recommended'
  return [`metadata.name: this is used in ${use}, ${surprising}: [${wrong.join(' ')}]`]
}

function podSpecWarnings(path: string, spec: PodSpec): string[] {
  const warnings: string[] = []
  for (const key in spec.nodeSelector) {
    const instead = own(deprecatedNodeLabels, key)
    if (instead) warnings.push(`${path}.nodeSelector[${key}]: ${instead}`)
  }
  spec.hostAliases?.forEach(({ ip }, i) => {
    const first = spec.hostAliases?.findIndex(alias => alias.ip === ip) ?? i
    if (first < i) warnings.push(`${path}.hostAliases[${i}].ip: duplicates hostAliases[${first}].ip`)
  })
  spec.volumes?.forEach((volume, i) => warnOfVolume(warnings, `${path}.volumes[${i}]`, volume))
  spec.imagePullSecrets?.forEach(({ name }, i) => {
    if (!name) warnings.push(`${path}.imagePullSecrets[${i}].name: ${quote('')} is not a valid name`)
  })
  spec.containers.forEach((container, i) => warnOfContainer(warnings, `${path}.containers[${i}]`, container))
  spec.initContainers?.forEach((container, i) => warnOfContainer(warnings, `${path}.initContainers[${i}]`, container))
  warnOfSharedPorts(warnings, path, spec)
  if (spec.terminationGracePeriodSeconds < 0) {
    const text = 'must be >= 0; negative values are invalid and will be treated as 1'
    warnings.push(`${path}.terminationGracePeriodSeconds: ${text}`)
  }
  return warnings
}

const deprecatedNodeLabels: Record<string, string> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

const deprecatedVolumes: readonly [keyof Volume, string][] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

function warnOfVolume(warnings: string[], path: string, volume: Volume): void {
  for (const [source, text] of deprecatedVolumes) if (volume[source]) warnings.push(`${path}.${source}: ${text}`)
}

function warnOfContainer(warnings: string[], path: string, { env, resources }: Container): void {
  const last = new Map<string, number>()
  env?.forEach(({ name, value }, i) => {
    // A variable may build on an earlier one of the same name.
    if (last.has(name) && !value?.includes(`$(${name})`)) {
      warnings.push(
        `${path}.env[${i}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`,
      )
    }
    last.set(name, i)
  })
  for (const list of ['limits', 'requests'] as const) {
    for (const name of ['memory', 'ephemeral-storage']) {
      const amount = resources?.[list]?.[name]
      if (amount === undefined || milliValue(amount) % 1000 === 0) continue
      const text = `fractional byte value ${quote(amount)} is invalid, must be an integer`
      warnings.push(`${path}.resources.${list}[${name}]: ${text}`)
    }
  }
}

/** The same port twice in one container: strategic merge patches tell ports apart by number alone. */
function warnOfSharedPorts(warnings: string[], path: string, { containers }: PodSpec): void {
  containers.forEach(({ ports = [] }, i) => {
    ports.forEach(({ containerPort, protocol, hostPort, hostIP }, j) => {
      const first = ports.findIndex(
        port =>
          port.containerPort === containerPort &&
          port.protocol === protocol &&
          port.hostPort === hostPort &&
          port.hostIP === hostIP,
      )
      if (first >= j) return
      const at = `${path}.containers[${i}].ports`
      warnings.push(`${at}[${j}]: duplicate port definition with ${at}[${first}]`)
    })
  })
}
