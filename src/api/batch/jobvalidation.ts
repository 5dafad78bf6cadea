import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { matches } from '../../machinery/labels.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError } from '../../machinery/validation.ts'
import { printTemplate } from '../core/internalform.ts'
import { checkPodTemplate } from '../core/podtemplate.ts'
import type { Job, JobSpec, PodFailurePolicyRule } from '../generated/batch.v1.ts'
import type { PodTemplateSpec } from '../generated/core.v1.ts'
import { checkNonNegative, checkSupported } from '../meta/checks.ts'
import { checkLabelSelector } from '../meta/labelselector.ts'

/** ValidateJob of pkg/apis/batch/validation/validation.go. */

const controllerUidLabel = 'batch.kubernetes.io/controller-uid'

export function checkJob({ metadata, spec }: Job): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.manualSelector) checkGeneratedSelector(errors, metadata.uid, spec)
  checkJobSpec(errors, 'spec', spec)
  if (!spec.selector) errors.push(required('spec.selector'))
  else checkLabelSelector(errors, 'spec.selector', spec.selector)
  if (!matches(spec.selector, spec.template.metadata.labels)) {
    const detail = '`selector` does not match template `labels`'
    errors.push(invalid('spec.template.metadata.labels', spec.template.metadata.labels ?? null, detail))
  }
  return errors
}

/** A user who wants labels of their own says so with manualSelector. */
function checkGeneratedSelector(errors: FieldError[], uid: string, { selector, template }: JobSpec): void {
  if (!selector) return
  const labels = template.metadata.labels
  for (const key of [controllerUidLabel, 'controller-uid']) {
    const value = labels?.[key]
    const path = `spec.template.metadata.labels[${key}]`
    if (value === undefined) errors.push(required(path, `must be '${uid}'`))
    else if (value !== uid) errors.push(invalid(path, labels, `must be '${uid}'`))
  }
  const isGenerated = [controllerUidLabel, 'controller-uid'].some(key =>
    isEqual(selector, { matchLabels: { [key]: uid } }),
  )
  if (!isGenerated) errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'))
}

/** A Job's spec before or after its defaults: those of a CronJob's template wait until there is a Job. */
type WrittenSpec = Partial<JobSpec> & Pick<JobSpec, 'template'>

export function checkJobSpec(errors: FieldError[], path: string, spec: WrittenSpec): void {
  checkNonNegative(errors, `${path}.parallelism`, spec.parallelism)
  checkNonNegative(errors, `${path}.completions`, spec.completions)
  checkNonNegative(errors, `${path}.activeDeadlineSeconds`, spec.activeDeadlineSeconds)
  checkNonNegative(errors, `${path}.backoffLimit`, spec.backoffLimit)
  checkNonNegative(errors, `${path}.ttlSecondsAfterFinished`, spec.ttlSecondsAfterFinished)
  checkNonNegative(errors, `${path}.maxFailedIndexes`, spec.maxFailedIndexes)
  checkNonNegative(errors, `${path}.backoffLimitPerIndex`, spec.backoffLimitPerIndex)
  checkCompletionMode(errors, path, spec)
  checkSupported(errors, `${path}.podReplacementPolicy`, spec.podReplacementPolicy, ['Failed', 'TerminatingOrFailed'])
  const rules = spec.podFailurePolicy?.rules
  if (rules) {
    rules.forEach((rule, i) => checkFailureRule(errors, `${path}.podFailurePolicy.rules[${i}]`, rule, spec))
  }
  if (spec.successPolicy && spec.completionMode !== 'Indexed') {
    errors.push(invalid(`${path}.successPolicy`, spec.successPolicy, 'requires indexed completion mode'))
  }
  checkPodTemplate(errors, `${path}.template`, spec.template)
  checkRestartPolicy(errors, `${path}.template.spec.restartPolicy`, spec)
}

const modes = ['NonIndexed', 'Indexed']

function checkCompletionMode(errors: FieldError[], path: string, spec: WrittenSpec): void {
  const { completionMode: mode, completions, backoffLimitPerIndex, maxFailedIndexes } = spec
  if (mode !== undefined && !modes.includes(mode)) errors.push(notSupported(`${path}.completionMode`, mode, modes))
  if (mode === 'Indexed') {
    if (completions === undefined) errors.push(required(`${path}.completions`, `when completion mode is ${mode}`))
    return
  }
  const needed = 'requires indexed completion mode'
  if (backoffLimitPerIndex !== undefined) {
    errors.push(invalid(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, needed))
  }
  if (maxFailedIndexes !== undefined) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, needed))
}

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']

function checkFailureRule(errors: FieldError[], path: string, rule: PodFailurePolicyRule, spec: WrittenSpec): void {
  const { action, onExitCodes, onPodConditions } = rule
  checkSupported(errors, `${path}.action`, action, actions)
  if (onExitCodes) {
    const at = `${path}.onExitCodes`
    checkSupported(errors, `${at}.operator`, onExitCodes.operator, ['In', 'NotIn'])
    const { containerName, values } = onExitCodes
    const containers = [...spec.template.spec.containers, ...(spec.template.spec.initContainers ?? [])]
    if (containerName !== undefined && !containers.some(({ name }) => name === containerName)) {
      const detail = 'must be one of the container or initContainer names in the pod template'
      errors.push(invalid(`${at}.containerName`, containerName, detail))
    }
    if (values.length === 0) errors.push(invalid(`${at}.values`, values, 'at least one value is required'))
    values.forEach((value, i) => {
      if (value === 0 && onExitCodes.operator === 'In') {
        errors.push(invalid(`${at}.values[${i}]`, value, 'must not be 0 for the In operator'))
      }
    })
  }
  if (onExitCodes && onPodConditions?.length) {
    errors.push(invalid(path, null, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  }
  if (!onExitCodes && !onPodConditions?.length) {
    errors.push(invalid(path, null, 'specifying one of OnExitCodes and OnPodConditions is required'))
  }
}

function checkRestartPolicy(errors: FieldError[], path: string, { template, podFailurePolicy }: WrittenSpec): void {
  const { restartPolicy } = template.spec
  if (!restartPolicy || restartPolicy === 'Always') {
    errors.push(required(path, 'valid values: "OnFailure", "Never"'))
  } else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    errors.push(notSupported(path, restartPolicy, ['OnFailure', 'Never']))
  } else if (podFailurePolicy && restartPolicy !== 'Never') {
    errors.push(invalid(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'))
  }
}

export function checkJobUpdate({ spec, status }: Job, { spec: old }: Job): FieldError[] {
  const errors: FieldError[] = []
  if (spec === old) return errors
  const fixed = (field: string, value: unknown, before: unknown): void => {
    if (!isEqual(value, before)) errors.push(invalid(`spec.${field}`, value ?? null, immutableError))
  }
  if (spec.completionMode !== 'Indexed' || spec.completions !== spec.parallelism) {
    fixed('completions', spec.completions, old.completions)
  }
  fixed('selector', spec.selector, old.selector)
  // A Job that waits may still be told where its Pods go.
  const isWaiting = old.suspend === true && status.startTime === undefined
  const template = isWaiting ? withDirectivesOf(spec.template, old.template) : spec.template
  if (!isEqual(template, old.template)) errors.push(invalid('spec.template', printTemplate(template), immutableError))
  fixed('completionMode', spec.completionMode, old.completionMode)
  fixed('podFailurePolicy', spec.podFailurePolicy, old.podFailurePolicy)
  fixed('backoffLimitPerIndex', spec.backoffLimitPerIndex, old.backoffLimitPerIndex)
  fixed('managedBy', spec.managedBy, old.managedBy)
  fixed('successPolicy', spec.successPolicy, old.successPolicy)
  return errors
}

function withDirectivesOf(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  const { affinity, nodeSelector, tolerations, schedulingGates } = old.spec
  return {
    metadata: { ...template.metadata, annotations: old.metadata.annotations, labels: old.metadata.labels },
    spec: { ...template.spec, affinity, nodeSelector, tolerations, schedulingGates },
  }
}
