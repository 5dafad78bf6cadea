import { type FieldError, forbidden, invalid, required, tooLong } from '../../../machinery/fieldpath.ts'
import type { Container, ContainerRestartRule } from '../../generated/core.v1.ts'
import { checkSupported } from '../../meta/checks.ts'

/** A container's own restart policy and its rules by exit code (ContainerRestartRules). */
export function checkRestartRules(
  errors: FieldError[],
  path: string,
  { restartPolicy, restartPolicyRules }: Container,
): void {
  checkSupported(errors, `${path}.restartPolicy`, restartPolicy, ['Always', 'Never', 'OnFailure'])
  if (!restartPolicyRules?.length) return
  if (restartPolicy === undefined) {
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  }
  if (restartPolicyRules.length > 20) errors.push(tooLong(`${path}.restartPolicyRules`, 20))
  restartPolicyRules.forEach((rule, i) => checkRule(errors, `${path}.restartPolicyRules[${i}]`, rule))
}

function checkRule(errors: FieldError[], path: string, { action, exitCodes }: ContainerRestartRule): void {
  checkSupported(errors, `${path}.action`, action, ['Restart', 'RestartAllContainers'])
  if (!exitCodes) {
    errors.push(required(`${path}.exitCodes`, 'must be specified'))
    return
  }
  checkSupported(errors, `${path}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn'])
  const values = exitCodes.values ?? []
  if (values.length > 255) errors.push(forbidden(`${path}.exitCodes.values`, 'must have at most 255 items'))
  if (values.some(code => code < 0 || code > 255)) {
    errors.push(invalid(`${path}.exitCodes.values`, values, 'must be between 0 and 255'))
  }
}
