import type { Container, EphemeralContainer, Pod, PodSpec } from '../../../api/generated/core.v1.ts'
import { internalDiff, internalForm } from '../../../api/core/internalform.ts'
import { type FieldError, forbidden } from '../../../machinery/fieldpath.ts'
import { type ApiObject, isEqual } from '../../../machinery/object.ts'
import { forbidden as forbiddenError } from '../../../machinery/status.ts'
import type { Call } from '../call.ts'
import { nodes, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { keyFor } from '../resources.ts'
import { get } from '../../etcd/store.ts'

/** What may change through a subresource of its own, besides status: the strategies of core/pod/strategy.go. */
export interface SubresourceStrategy {
  /** Keeps everything else. */
  prepare(draft: ApiObject, old: ApiObject, call: Call): void
  validate(object: ApiObject, old: ApiObject): FieldError[]
}

const podStrategies: Readonly<Record<string, SubresourceStrategy>> = {
  /** Debugging containers are added to a running Pod, and stay. */
  'pods/ephemeralcontainers': {
    prepare: onPods((pod, old) => {
      const { ephemeralContainers } = pod.spec
      pod.spec = { ...old.spec, ...(ephemeralContainers && { ephemeralContainers }) }
    }),
    validate: (pod, old) => (isOf(pods, pod) && isOf(pods, old) ? changedDebuggers(pod.spec, old.spec) : []),
  },
  /** CPU and memory of a running Pod. */
  'pods/resize': {
    prepare: onPods((pod, old, call) => {
      pod.spec = withResourcesOf(old.spec, pod.spec)
      if (isEqual(pod.spec, old.spec)) pod.spec = old.spec
      else checkNode(pod, call)
    }),
    validate: () => [],
  },
}

/** The strategy of a Pod's subresource. */
export function podStrategyOf(name: string): SubresourceStrategy | undefined {
  return podStrategies[name]
}

function onPods(change: (pod: Pod, old: Pod, call: Call) => void): SubresourceStrategy['prepare'] {
  return (pod, old, call) => {
    if (!isOf(pods, pod) || !isOf(pods, old)) return
    pod.status = old.status
    change(pod, old, call)
  }
}

function changedDebuggers(spec: PodSpec, old: PodSpec): FieldError[] {
  const path = 'spec.ephemeralContainers'
  const now = new Map(spec.ephemeralContainers?.map(container => [container.name, container]))
  return (old.ephemeralContainers ?? []).flatMap((before: EphemeralContainer) => {
    const after = now.get(before.name)
    if (!after) return [forbidden(path, `existing ephemeral containers "${before.name}" may not be removed\n`)]
    if (isEqual(after, before)) return []
    const diff = internalDiff(internalForm('EphemeralContainer', before), internalForm('EphemeralContainer', after))
    return [forbidden(path, `existing ephemeral containers "${before.name}" may not be changed\n${diff}`)]
  })
}

function withResourcesOf(old: PodSpec, wanted: PodSpec): PodSpec {
  const resized = (containers: readonly Container[], by: readonly Container[] = []): Container[] =>
    containers.map(container => {
      const { resources, resizePolicy } = by.find(({ name }) => name === container.name) ?? container
      return { ...container, resources, ...(resizePolicy && { resizePolicy }) }
    })
  return {
    ...old,
    containers: resized(old.containers, wanted.containers),
    ...(old.initContainers && { initContainers: resized(old.initContainers, wanted.initContainers) }),
    ...(wanted.resources && { resources: wanted.resources }),
  }
}

/** Nobody could carry the change out on a node that does not exist. */
function checkNode({ metadata, spec }: Pod, { server, etcd, resource }: Call): void {
  const place = server.resources.find(nodes.group, nodes.version, nodes.plural)
  if (!spec.nodeName || (place && get(etcd, keyFor(place, undefined, spec.nodeName)))) return
  throw forbiddenError(resource.kind, metadata.name, `node "${spec.nodeName}" not found`)
}
