import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../record.ts'
import { refuseInvalid } from '../registry/invalid.ts'

/** What a question about access must say (pkg/apis/authorization/validation). */
export function checkReview({ group, kind, plural }: Kind, spec: Fields, namespace: string | undefined): void {
  const { resourceAttributes, nonResourceAttributes, user, groups } = spec
  const errors: FieldError[] = []
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    const why = 'cannot be specified in combination with resourceAttributes'
    errors.push(invalid('spec.nonResourceAttributes', nonResourceAttributes, why))
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    errors.push(invalid('spec.resourceAttributes', null, why))
  }
  if (plural !== 'selfsubjectaccessreviews' && !textOf(user) && listOf(groups).length === 0) {
    errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'))
  }
  if (plural === 'localsubjectaccessreviews') {
    const given = textOf(fieldsOf(resourceAttributes).namespace)
    if (resourceAttributes !== undefined && given !== namespace) {
      errors.push(invalid('spec.resourceAttributes.namespace', given, 'must match metadata.namespace'))
    }
    if (nonResourceAttributes !== undefined) {
      errors.push(invalid('spec.nonResourceAttributes', nonResourceAttributes, 'disallowed on this kind of request'))
    }
  }
  refuseInvalid({ group, kind }, '', errors)
}
