import { isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import { UsageError } from '../../errors.ts'
import { at, fields, items, objectsAt, textAt, withAt } from '../../unstructured.ts'

/** How a thing is debugged: by a container in the Pod, by a copy of the Pod, or by a Pod on the Node. */
export type Style = 'ephemeral' | 'copy' | 'node'

/** Which parts of the Pod a copy keeps. */
export interface Kept {
  readonly labels: boolean
  readonly annotations: boolean
  readonly liveness: boolean
  readonly readiness: boolean
  readonly startup: boolean
  readonly initContainers: boolean
}

type ContainerChange = (container: JsonObject) => JsonObject

interface Profile {
  /** What it does to the debugging container, by style. */
  readonly container: Readonly<Partial<Record<Style, readonly ContainerChange[]>>>
  /** Whether a Pod on a Node sees the Node's processes and network. */
  readonly isOnHost?: boolean
  /** Whether it sees the Node's files below /host. */
  readonly seesFiles?: boolean
}

const security = (change: (context: JsonObject) => JsonObject): ContainerChange => {
  return container => withAt(container, ['securityContext'], change(fields(container.securityContext)))
}

const withCapability = (name: string): ContainerChange =>
  security(context => withAt(context, ['capabilities', 'add'], [...items(at(context, 'capabilities', 'add')), name]))

const withoutSecurity: ContainerChange = container => withAt(container, ['securityContext'], undefined)

const restrictions: readonly ContainerChange[] = [
  withoutSecurity,
  security(() => ({
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    allowPrivilegeEscalation: false,
    seccompProfile: { type: 'RuntimeDefault' },
  })),
]
const tracing = [withCapability('SYS_PTRACE')]
const network = [withCapability('NET_ADMIN'), withCapability('NET_RAW')]
const privileged = [security(context => ({ ...context, privileged: true }))]
const everywhere = (changes: readonly ContainerChange[]): Profile['container'] => ({
  ephemeral: changes,
  copy: changes,
  node: changes,
})

const profiles: Readonly<Record<string, Profile>> = {
  legacy: { container: {}, isOnHost: true, seesFiles: true },
  general: {
    container: { ephemeral: tracing, copy: tracing, node: [withoutSecurity] },
    isOnHost: true,
    seesFiles: true,
  },
  baseline: { container: everywhere([withoutSecurity]) },
  restricted: { container: everywhere(restrictions) },
  netadmin: { container: everywhere(network), isOnHost: true },
  sysadmin: { container: everywhere(privileged), isOnHost: true, seesFiles: true },
}

/** Throws for a profile that is none. */
export function checkProfile(name: string): void {
  if (!Object.hasOwn(profiles, name)) throw new UsageError(`unknown profile: ${name}`)
}

/** A Pod with its debugging container as a profile wants them (kubectl/pkg/cmd/debug/profiles.go). */
export function withProfile(pod: JsonObject, profile: string, container: string, style: Style, kept: Kept): JsonObject {
  const { container: changes, isOnHost = false, seesFiles = false } = profiles[profile] ?? { container: {} }
  const change: ContainerChange = each => (changes[style] ?? []).reduce((result, next) => next(result), each)
  let changed = changeContainer(pod, container, change)
  if (style === 'copy') changed = copyWith(changed, profile, kept)
  if (style !== 'node') return changed
  if (seesFiles) changed = withRoot(changed, container)
  return isOnHost ? withSpec(changed, { hostNetwork: true, hostPID: true, hostIPC: true }) : changed
}

/** Changes the container of a name, wherever it is in a Pod. */
export function changeContainer(pod: JsonObject, name: string, change: ContainerChange): JsonObject {
  return ['containers', 'ephemeralContainers'].reduce<JsonObject>((result, list) => {
    if (at(result, 'spec', list) === undefined) return result
    const changed = objectsAt(result, 'spec', list).map(each => (textAt(each, 'name') === name ? change(each) : each))
    return withAt(result, ['spec', list], changed)
  }, pod)
}

function withSpec(pod: JsonObject, more: JsonObject): JsonObject {
  return { ...pod, spec: { ...fields(pod.spec), ...more } }
}

function copyWith(pod: JsonObject, profile: string, kept: Kept): JsonObject {
  if (profile === 'legacy') return withAt(pod, ['metadata', 'labels'], undefined)
  const without = (object: JsonObject, isKept: boolean, path: readonly string[]): JsonObject =>
    isKept ? object : withAt(object, path, undefined)
  let copy = without(pod, kept.labels, ['metadata', 'labels'])
  copy = without(copy, kept.annotations, ['metadata', 'annotations'])
  copy = without(copy, kept.initContainers, ['spec', 'initContainers'])
  const containers = objectsAt(copy, 'spec', 'containers').map(container => {
    const alive = without(container, kept.liveness, ['livenessProbe'])
    return without(without(alive, kept.readiness, ['readinessProbe']), kept.startup, ['startupProbe'])
  })
  copy = withSpec(copy, { containers })
  const isShared = at(copy, 'spec', 'shareProcessNamespace') !== undefined
  return isShared ? copy : withSpec(copy, { shareProcessNamespace: true })
}

function withRoot(pod: JsonObject, container: string): JsonObject {
  const mounted = changeContainer(pod, container, each => ({
    ...each,
    volumeMounts: [...items(each.volumeMounts), { mountPath: '/host', name: 'host-root' }],
  }))
  const volumes = items(at(mounted, 'spec', 'volumes')).filter(isObject)
  return withSpec(mounted, { volumes: [...volumes, { name: 'host-root', hostPath: { path: '/' } }] })
}
