import { type FieldError, forbidden, invalid } from '../../machinery/fieldpath.ts'
import { isEqual } from '../../machinery/object.ts'
import { inclusiveRangeError, isDns1123Subdomain } from '../../machinery/validation.ts'
import type { Container, ContainerStatus, Pod, PodSpec, Toleration } from '../generated/core.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { internalDiff, internalPodSpec } from './internalform.ts'

/** What of a Pod may change once it exists: ValidatePodUpdate and ValidatePodStatusUpdate of core validation. */

const mayChange =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

export function checkPodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = []
  checkAnnotations(errors, pod, old)
  if (pod.spec === old.spec) return errors
  const { spec } = pod
  if (!checkSameContainers(errors, 'spec.containers', spec.containers, old.spec.containers)) return errors
  if (!checkSameContainers(errors, 'spec.initContainers', spec.initContainers, old.spec.initContainers)) return errors
  if (!checkDeadline(errors, spec, old.spec)) return errors
  checkAddedTolerations(errors, spec.tolerations ?? [], old.spec.tolerations ?? [])
  checkRemovedGates(errors, spec, old.spec)
  if (isEqual(spec, old.spec)) return errors

  const munged = withoutAllowedChanges(errors, spec, old.spec)
  if (!isEqual(munged, old.spec)) {
    const diff = internalDiff(internalPodSpec(old.spec), internalPodSpec(munged))
    errors.push(forbidden('spec', `${mayChange}\n${diff}`))
  }
  return errors
}

const mirrorAnnotation = 'kubernetes.io/config.mirror'

function checkAnnotations(errors: FieldError[], { metadata }: Pod, old: Pod): void {
  const fresh = metadata.annotations?.[mirrorAnnotation]
  const before = old.metadata.annotations?.[mirrorAnnotation]
  if (fresh === before) return
  const detail =
    before === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation'
  errors.push(forbidden(`metadata.annotations[${mirrorAnnotation}]`, detail))
}

function checkSameContainers(
  errors: FieldError[],
  path: string,
  containers: readonly Container[] = [],
  old: readonly Container[] = [],
): boolean {
  if (containers.length === old.length) return true
  errors.push(forbidden(path, 'pod updates may not add or remove containers'))
  return false
}

function checkDeadline(errors: FieldError[], spec: PodSpec, old: PodSpec): boolean {
  const { activeDeadlineSeconds: seconds } = spec
  const path = 'spec.activeDeadlineSeconds'
  if (seconds === undefined) {
    if (old.activeDeadlineSeconds !== undefined) {
      errors.push(invalid(path, null, 'must not update from a positive integer to nil value'))
    }
    return true
  }
  if (seconds < 0 || seconds > 2 ** 31 - 1) {
    errors.push(invalid(path, seconds, inclusiveRangeError(0, 2 ** 31 - 1)))
    return false
  }
  if (old.activeDeadlineSeconds !== undefined && old.activeDeadlineSeconds < seconds) {
    errors.push(invalid(path, seconds, 'must be less than or equal to previous value'))
    return false
  }
  return true
}

function checkAddedTolerations(
  errors: FieldError[],
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
): void {
  for (const before of old) {
    if (
      tolerations.some(toleration =>
        isEqual({ ...toleration, tolerationSeconds: 0 }, { ...before, tolerationSeconds: 0 }),
      )
    ) {
      continue
    }
    const detail = 'existing toleration can not be modified except its tolerationSeconds'
    errors.push(forbidden('spec.tolerations', detail))
    return
  }
}

function checkRemovedGates(errors: FieldError[], { schedulingGates = [] }: PodSpec, old: PodSpec): void {
  const before = new Set(old.schedulingGates?.map(({ name }) => name))
  schedulingGates.forEach(({ name }, i) => {
    if (!before.has(name))
      errors.push(
        forbidden(
          `spec.schedulingGates[${i}].name`,
          "only deletion is allowed, but found new scheduling gate '" + name + "'",
        ),
      )
  })
}

/** The new spec with everything that may change as it was. */
function withoutAllowedChanges(errors: FieldError[], spec: PodSpec, old: PodSpec): PodSpec {
  const munged: PodSpec = { ...spec, containers: withImages(spec.containers, old.containers) }
  if (spec.initContainers) munged.initContainers = withImages(spec.initContainers, old.initContainers)
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations'] as const)
    copyField(munged, old, field)
  if (old.terminationGracePeriodSeconds < 0 && spec.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds
  }
  // A Pod that is held by a gate may still be told where it can go.
  if (old.schedulingGates?.length && !isEqual(spec.nodeSelector, old.nodeSelector)) {
    checkAddedSelector(errors, spec.nodeSelector ?? {}, old.nodeSelector ?? {})
    copyField(munged, old, 'nodeSelector')
  }
  return munged
}

function copyField<K extends keyof PodSpec>(target: PodSpec, source: PodSpec, field: K): void {
  if (source[field] === undefined) Reflect.deleteProperty(target, field)
  else target[field] = source[field]
}

function withImages(containers: readonly Container[], old: readonly Container[] = []): Container[] {
  return containers.map((container, i) => {
    const image = old[i]?.image
    return { ...container, image: image ?? '' }
  })
}

function checkAddedSelector(errors: FieldError[], selector: Record<string, string>, old: Record<string, string>): void {
  if (Object.entries(old).some(([key, value]) => selector[key] !== value)) {
    errors.push(
      invalid(
        'spec.nodeSelector',
        selector,
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ),
    )
  }
}

export function checkPodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = []
  if (pod.status === old.status) return errors
  const { nominatedNodeName, initContainerStatuses, containerStatuses } = pod.status
  if (nominatedNodeName) {
    addInvalid(errors, 'status.nominatedNodeName', nominatedNodeName, isDns1123Subdomain(nominatedNodeName))
  }
  if (old.spec.restartPolicy !== 'Always') {
    const path = 'status'
    checkStillEnded(errors, `${path}.containerStatuses`, containerStatuses, old.status.containerStatuses, old.spec)
    checkStillEnded(
      errors,
      `${path}.initContainerStatuses`,
      initContainerStatuses,
      old.status.initContainerStatuses?.filter(({ name }) => !isSidecar(old.spec, name)),
      { ...old.spec, restartPolicy: old.spec.restartPolicy === 'Never' ? 'Never' : 'OnFailure' },
    )
  }
  return errors
}

function isSidecar({ initContainers }: PodSpec, name: string): boolean {
  return initContainers?.some(container => container.name === name && container.restartPolicy === 'Always') ?? false
}

/** A container that is not restarted stays ended. */
function checkStillEnded(
  errors: FieldError[],
  path: string,
  statuses: readonly ContainerStatus[] = [],
  old: readonly ContainerStatus[] = [],
  { restartPolicy }: PodSpec,
): void {
  old.forEach(({ name, state }, i) => {
    if (!state?.terminated) return
    if (restartPolicy === 'OnFailure' && state.terminated.exitCode !== 0) return
    const now = statuses.find(status => status.name === name)
    if (now && !now.state?.terminated) {
      errors.push(forbidden(`${path}[${i}].state`, 'may not be transitioned to non-terminated state'))
    }
  })
}
