import { type FieldError, invalid, notSupported } from '../../../machinery/fieldpath.ts'
import { isLabelValue, isQualifiedName } from '../../../machinery/validation.ts'
import type { Toleration } from '../../generated/core.v1.ts'
import { addInvalid } from '../../meta/checks.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Tolerations: ValidateTolerations of core validation. */
export function checkTolerations(errors: FieldError[], path: string, tolerations: readonly Toleration[]): void {
  for (let i = 0; i < tolerations.length; i++) {
    const toleration = tolerations[i]
    if (toleration) checkToleration(errors, `${path}[${i}]`, toleration)
  }
}

function checkToleration(errors: FieldError[], path: string, toleration: Toleration): void {
  const { key, operator, value, effect, tolerationSeconds } = toleration
  if (key) addInvalid(errors, `${path}.key`, key, isQualifiedName(key))
  if (!key && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    errors.push(invalid(`${path}.operator`, operator ?? '', detail))
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
    errors.push(invalid(`${path}.effect`, effect ?? '', detail))
  }
  switch (operator ?? '') {
    case '':
    case 'Equal':
      addInvalid(errors, `${path}.operator`, value ?? '', isLabelValue(value ?? '').slice(0, 1))
      break
    case 'Exists':
      if (value) errors.push(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"))
      break
    default:
      errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']))
  }
  if (effect && !effects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, effects))
}
