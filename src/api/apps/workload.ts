import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { formatLabelSelector, matches, selectorOf } from '../../machinery/labels.ts'
import type { Column } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError } from '../../machinery/validation.ts'
import type { PodTemplateSpec } from '../generated/core.v1.ts'
import type { LabelSelector } from '../generated/meta.v1.ts'
import { checkLabelSelector, isEmptySelector } from '../meta/labelselector.ts'
import { checkPodTemplate, containerImages, containerNames } from '../core/podtemplate.ts'

/** What kinds that run Pods from a template have in common (pkg/apis/apps/validation/validation.go). */

interface Workload {
  spec: { selector?: LabelSelector; template: PodTemplateSpec }
}

/** The last columns of most workloads. */
export const containersColumn: Column<Workload> = {
  name: 'Containers',
  wide: true,
  cell: ({ spec }) => containerNames(spec.template),
}
export const imagesColumn: Column<Workload> = {
  name: 'Images',
  wide: true,
  cell: ({ spec }) => containerImages(spec.template),
}
export const selectorColumn: Column<Workload> = {
  name: 'Selector',
  wide: true,
  cell: ({ spec }) => formatLabelSelector(spec.selector),
}

/** The selector: there, well formed, and not one that takes every Pod of the namespace. */
export function checkSelector(errors: FieldError[], selector: LabelSelector | undefined, kind: string): void {
  if (!selector) {
    errors.push(required('spec.selector'))
    return
  }
  checkLabelSelector(errors, 'spec.selector', selector)
  if (isEmptySelector(selector)) {
    errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${kind}`))
  }
}

export interface TemplateRules {
  /** What a selector that cannot be parsed is called; some kinds say nothing. */
  readonly invalidSelector?: string
  /** Replicas that run for ever must restart their containers. Default: yes. */
  readonly restartsAlways?: boolean
}

/** The template must carry the labels that the selector asks for, or the controller would never see its own Pods. */
export function checkTemplate(
  errors: FieldError[],
  path: string,
  { selector, template }: { selector?: LabelSelector; template: PodTemplateSpec },
  { invalidSelector, restartsAlways = true }: TemplateRules = {},
): void {
  const { error } = selector ? selectorOf(selector) : { error: undefined }
  if (error !== undefined && invalidSelector) errors.push(invalid('spec.selector', selector, invalidSelector))
  if (error === undefined) {
    const { labels } = template.metadata
    const isSelecting = selector && !isEmptySelector(selector)
    if (!selector || (isSelecting && !matches(selector, labels))) {
      errors.push(invalid(`${path}.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'))
    }
  }
  checkPodTemplate(errors, path, template)
  if (restartsAlways) checkRestartsAlways(errors, path, template)
}

export function checkRestartsAlways(errors: FieldError[], path: string, { spec }: PodTemplateSpec): void {
  if (spec.restartPolicy !== 'Always') {
    errors.push(notSupported(`${path}.spec.restartPolicy`, spec.restartPolicy, ['Always']))
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    const detail = 'activeDeadlineSeconds in ReplicaSet is not Supported'
    errors.push({ type: 'FieldValueForbidden', field: `${path}.spec.activeDeadlineSeconds`, detail })
  }
}

/** A selector that changed would orphan the Pods there are. */
export function checkImmutable(errors: FieldError[], path: string, value: unknown, old: unknown): void {
  if (!isEqual(value, old)) errors.push(invalid(path, value ?? null, immutableError))
}
