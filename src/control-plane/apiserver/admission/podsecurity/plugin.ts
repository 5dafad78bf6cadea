import type { Namespace, Pod, PodSpec } from '../../../../api/generated/core.v1.ts'
import { type ApiObject, controllerOf, isEqual } from '../../../../machinery/object.ts'
import { forbidden } from '../../../../machinery/status.ts'
import { namespaces, pods } from '../../known.ts'
import { isOf } from '../../objects.ts'
import { fieldsOf } from '../../record.ts'
import { refuseInvalid } from '../../registry/invalid.ts'
import type { AdmissionPlugin, Attributes } from '../chain.ts'
import { describe, isStricter, labelErrors, nameOf, policyOf, violations } from './levels.ts'

const owners = [
  'replicationcontrollers',
  'podtemplates',
  'replicasets.apps',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
]

/** Holds Pods to the level of their namespace, and tells of what would break it. Models admission/admission.go. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: ['namespaces', 'pods', ...owners],
  subresources: ['', 'ephemeralcontainers'],

  validate(object, attributes) {
    if (isOf(namespaces, object)) judgeNamespace(object, attributes)
    else if (isOf(pods, object)) judgePod(object, attributes)
    else if (object) judgeOwner(object, attributes)
  },
}

/** Labels must be right; and who makes them stricter hears which Pods are there that would be refused. */
function judgeNamespace(namespace: Namespace, { old, list, warn }: Attributes): void {
  const { name, labels } = namespace.metadata
  const before = old?.metadata.labels
  // A label that was wrong already does not stand in the way of other changes.
  const known = new Set(old ? labelErrors(before).map(({ field }) => field) : [])
  const errors = labelErrors(labels).filter(({ field }) => !known.has(field))
  refuseInvalid({ group: '', kind: 'Namespace' }, name, errors)
  const policy = policyOf(labels, 'enforce')
  if (!old || !isStricter(policy, policyOf(before, 'enforce'))) return
  const groups = new Map<string, string[]>()
  for (const pod of sortedByName(list(pods, name))) {
    const found = violations(pod.spec, policy)
    if (found.length === 0) continue
    // The Pods of one owner are alike: one of them stands for all.
    const key = `${controllerOf(pod)?.uid ?? pod.metadata.uid} ${found.map(({ reason }) => reason).join(', ')}`
    const group = groups.get(key)
    if (group) group.push(pod.metadata.name)
    else groups.set(key, [pod.metadata.name])
  }
  if (groups.size === 0) return
  warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${nameOf(policy)}"`)
  for (const [key, [first = '', ...others]] of groups) {
    const count = others.length === 1 ? '1 other pod' : `${others.length} other pods`
    warn(`${first}${others.length > 0 ? ` (and ${count})` : ''}: ${key.slice(key.indexOf(' ') + 1)}`)
  }
}

function sortedByName(list: readonly Pod[]): Pod[] {
  return [...list].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

function judgePod(pod: Pod, attributes: Attributes): void {
  const { kind, name, old, subresource } = attributes
  if (subresource === '' && isOf(pods, old) && isEqual(old.spec, pod.spec)) return
  const labels = labelsOf(attributes)
  const policy = policyOf(labels, 'enforce')
  attributes.annotate(`${notes}/enforce-policy`, () => nameOf(policy))
  noteViolations(pod.spec, labels, attributes)
  const found = violations(pod.spec, policy)
  if (found.length > 0) throw forbidden(kind, name, `violates PodSecurity "${nameOf(policy)}": ${describe(found)}`)
  warnOf(pod.spec, labels, attributes.warn)
}

/** What makes Pods is let through; who makes it hears what will become of them. */
function judgeOwner(object: ApiObject, attributes: Attributes): void {
  const spec = podSpecOf(object)
  const before = attributes.old && podSpecOf(attributes.old)
  if (!spec || (before && isEqual(spec, before))) return
  const labels = labelsOf(attributes)
  noteViolations(spec, labels, attributes)
  warnOf(spec, labels, attributes.warn)
}

/** Where annotations of the audit log belong (policy/api/constants.go). */
const notes = 'pod-security.kubernetes.io'

/** What the namespace's audit level would refuse is told in the audit log, and nowhere else. */
function noteViolations(spec: PodSpec, labels: Record<string, string> | undefined, { annotate }: Attributes): void {
  const policy = policyOf(labels, 'audit')
  const found = violations(spec, policy)
  if (found.length === 0) return
  annotate(`${notes}/audit-violations`, () => `would violate PodSecurity "${nameOf(policy)}": ${describe(found)}`)
}

function warnOf(spec: PodSpec, labels: Record<string, string> | undefined, warn: Attributes['warn']): void {
  const policy = policyOf(labels, 'warn')
  const found = violations(spec, policy)
  if (found.length > 0) warn(`would violate PodSecurity "${nameOf(policy)}": ${describe(found)}`)
}

function labelsOf({ namespace = '', find }: Attributes): Record<string, string> | undefined {
  return find(namespaces, namespace)?.metadata.labels
}

/** The template of a Deployment, of a Job, or of a CronJob's Job. */
function podSpecOf(object: ApiObject): PodSpec | undefined {
  const fields = fieldsOf(object)
  const spec = fieldsOf(fields.spec)
  const template = fields.template ?? spec.template ?? fieldsOf(fieldsOf(spec.jobTemplate).spec).template
  const found = fieldsOf(template).spec
  return isPodSpec(found) ? found : undefined
}

/** Validation has seen that it is one. */
function isPodSpec(value: unknown): value is PodSpec {
  return typeof value === 'object' && value !== null && 'containers' in value
}
