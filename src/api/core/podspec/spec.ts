import { type FieldError, invalid, required } from '../../../machinery/fieldpath.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../../machinery/validation.ts'
import type { PodSpec, PodTemplateSpec } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'
import { checkLabels } from '../../meta/labelselector.ts'
import { checkAffinity } from './affinity.ts'
import { checkContainers, checkEphemeralContainers, checkInitContainers, type PodContext } from './containers.ts'
import { checkDnsConfig, checkDnsPolicy, checkHostAliases, checkHostNames } from './dns.ts'
import { maxSecondsError } from './handlers.ts'
import { checkHostNetworkPorts } from './ports.ts'
import { checkContainerResources, checkPodResources } from './resources.ts'
import { checkHostUsers, checkPodSecurityContext } from './security.ts'
import { checkGates, checkSpread } from './spread.ts'
import { checkTolerations } from './tolerations.ts'
import { checkVolumes } from './volumes.ts'

/** Specs that were found right. Updates mostly share theirs with what is stored, and nothing frozen changes. */
const known = new WeakSet<PodSpec>()

/** A Pod's spec, its own or a template's: ValidatePodSpec of core validation. */
export function checkPodSpec(errors: FieldError[], path: string, spec: PodSpec): void {
  if (Object.isFrozen(spec) && known.has(spec)) return
  const before = errors.length
  checkInOrder(errors, path, spec)
  if (errors.length === before) known.add(spec)
}

/** The order is upstream's, and that of the causes in an answer. */
function checkInOrder(errors: FieldError[], path: string, spec: PodSpec): void {
  const context: PodContext = {
    spec,
    volumes: checkVolumes(errors, `${path}.volumes`, spec.volumes),
    gracePeriod: spec.terminationGracePeriodSeconds ?? 0,
  }
  checkContainers(errors, `${path}.containers`, context)
  if (spec.initContainers) checkInitContainers(errors, `${path}.initContainers`, context)
  if (spec.ephemeralContainers) checkEphemeralContainers(errors, `${path}.ephemeralContainers`, context)
  if (spec.resources) checkPodResources(errors, `${path}.resources`, spec.resources)
  if (spec.hostNetwork) checkHostNetworkPorts(errors, `${path}.containers`, spec.containers ?? [])
  checkRestartPolicy(errors, path, spec)
  checkDnsPolicy(errors, path, spec)
  if (spec.nodeSelector) checkLabels(errors, `${path}.nodeSelector`, spec.nodeSelector)
  if (spec.securityContext) checkPodSecurityContext(errors, `${path}.securityContext`, spec.securityContext, spec)
  checkPullSecrets(errors, path, spec)
  if (spec.affinity) checkAffinity(errors, `${path}.affinity`, spec.affinity)
  checkDnsConfig(errors, `${path}.dnsConfig`, spec)
  checkReadinessGates(errors, path, spec)
  if (spec.schedulingGates) checkGates(errors, `${path}.schedulingGates`, spec.schedulingGates)
  if (spec.topologySpreadConstraints) {
    checkSpread(errors, `${path}.topologySpreadConstraints`, spec.topologySpreadConstraints)
  }
  checkHostUsers(errors, path, spec)
  checkNames(errors, path, spec)
  if (spec.overhead) checkContainerResources(errors, `${path}.overhead`, { limits: spec.overhead })
}

/** The metadata and spec of a template: ValidatePodTemplateSpec. */
export function checkPodTemplate(errors: FieldError[], path: string, template: PodTemplateSpec): void {
  const { labels, annotations } = template.metadata
  if (labels) checkLabels(errors, `${path}.labels`, labels)
  for (const key in annotations) {
    addInvalid(errors, `${path}.annotations`, key, isQualifiedName(key.toLowerCase()))
  }
  checkPodSpec(errors, `${path}.spec`, template.spec)
  if (template.spec.ephemeralContainers?.length) {
    errors.push({
      type: 'FieldValueForbidden',
      field: `${path}.spec.ephemeralContainers`,
      detail: 'ephemeral containers not allowed in pod template',
    })
  }
}

function checkRestartPolicy(errors: FieldError[], path: string, { restartPolicy }: PodSpec): void {
  if (restartPolicy) checkSupported(errors, `${path}.restartPolicy`, restartPolicy, ['Always', 'OnFailure', 'Never'])
  else errors.push(required(`${path}.restartPolicy`))
}

function checkPullSecrets(errors: FieldError[], path: string, { imagePullSecrets }: PodSpec): void {
  imagePullSecrets?.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${path}.imagePullSecrets[${i}].name`))
  })
}

function checkReadinessGates(errors: FieldError[], path: string, { readinessGates }: PodSpec): void {
  readinessGates?.forEach(({ conditionType }, i) => {
    const at = `${path}.readinessGates[${i}].conditionType`
    addInvalid(errors, at, conditionType, isQualifiedName(conditionType))
  })
}

function checkNames(errors: FieldError[], path: string, spec: PodSpec): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, priorityClassName, runtimeClassName } = spec
  const name = (field: string, value: string | undefined): void => {
    if (value) addInvalid(errors, `${path}.${field}`, value, isDns1123Subdomain(value))
  }
  name('serviceAccountName', serviceAccountName)
  name('nodeName', nodeName)
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > 2 ** 31 - 1)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, activeDeadlineSeconds, maxSecondsError))
  }
  checkHostNames(errors, path, spec)
  if (spec.tolerations) checkTolerations(errors, `${path}.tolerations`, spec.tolerations)
  if (spec.hostAliases) checkHostAliases(errors, `${path}.hostAliases`, spec.hostAliases)
  name('priorityClassName', priorityClassName)
  name('runtimeClassName', runtimeClassName)
  checkSupported(errors, `${path}.preemptionPolicy`, spec.preemptionPolicy, ['Never', 'PreemptLowerPriority'])
  if (spec.os) checkSupported(errors, `${path}.os`, spec.os.name, ['linux', 'windows'])
}
