import { type FieldError, forbidden, invalid, required } from '../../machinery/fieldpath.ts'
import { isLabelValue, isQualifiedName } from '../../machinery/validation.ts'
import type { LabelSelector, LabelSelectorRequirement } from '../generated/meta.v1.ts'
import { addInvalid } from './checks.ts'

/** Validation of labels and selectors: apimachinery/pkg/apis/meta/v1/validation/validation.go. */

export function checkLabels(errors: FieldError[], path: string, labels: Record<string, string> | undefined): void {
  for (const key of Object.keys(labels ?? {}).sort()) {
    const value = labels?.[key] ?? ''
    addInvalid(errors, path, key, isQualifiedName(key))
    addInvalid(errors, path, value, isLabelValue(value))
  }
}

export interface SelectorRules {
  /** Values of an expression need not be label values (selectors that were stored before this was checked). */
  readonly allowInvalidValues?: boolean
}

export function checkLabelSelector(
  errors: FieldError[],
  path: string,
  selector: LabelSelector | undefined,
  rules: SelectorRules = {},
): void {
  if (!selector) return
  checkLabels(errors, `${path}.matchLabels`, selector.matchLabels)
  selector.matchExpressions?.forEach((expression, i) => {
    checkExpression(errors, `${path}.matchExpressions[${i}]`, expression, rules)
  })
}

function checkExpression(
  errors: FieldError[],
  path: string,
  { key, operator, values }: LabelSelectorRequirement,
  { allowInvalidValues = false }: SelectorRules,
): void {
  const count = values?.length ?? 0
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      break
    case 'Exists':
    case 'DoesNotExist':
      if (count > 0) {
        errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
      }
      break
    default:
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  addInvalid(errors, `${path}.key`, key, isQualifiedName(key))
  if (allowInvalidValues) return
  values?.forEach((value, i) => addInvalid(errors, `${path}.values[${i}]`, value, isLabelValue(value)))
}

/** Whether a selector selects everything. */
export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
}
