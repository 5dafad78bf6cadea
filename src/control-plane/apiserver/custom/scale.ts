import type { CustomResourceSubresourceScale } from '../../../api/generated/apiextensions.v1.ts'
import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import { goTypeOf, goValue } from '../../../machinery/go-text.ts'
import { setOwn } from '../../../machinery/json-text.ts'
import { isObject, member } from '../../../machinery/json-value.ts'
import type { ScaleMapping } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { isApiObject } from '../objects.ts'

const maxReplicas = 2 ** 31 - 1

function stepsOf(path: string): string[] {
  return path.replace(/^\./, '').split('.')
}

function valueAt(object: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, name) => (isObject(value) ? member(value, name) : undefined), object)
}

function numberAt(object: unknown, path: string): number {
  const value = valueAt(object, stepsOf(path))
  return typeof value === 'number' ? value : 0
}

/** Where the scale subresource of a custom resource finds its numbers: pkg/registry/customresource/etcd.go, ScaleREST. */
export function scaleMapping(scale: CustomResourceSubresourceScale): ScaleMapping<ApiObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const path = stepsOf(specReplicasPath)
  return {
    path,
    replicas: object => numberAt(object, specReplicasPath),
    statusReplicas: object => numberAt(object, statusReplicasPath),
    selector(object) {
      const selector = labelSelectorPath ? valueAt(object, stepsOf(labelSelectorPath)) : undefined
      return typeof selector === 'string' ? selector : ''
    },
    withReplicas(object, replicas) {
      const scaled = withValue(object, path, replicas)
      return isApiObject(scaled) ? scaled : object
    },
  }
}

function withValue(object: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const copy: Record<string, unknown> = isObject(object) ? { ...object } : {}
  setOwn(copy, name, withValue(isObject(object) ? member(object, name) : undefined, rest, value))
  return copy
}

/** Numbers of replicas must be numbers: pkg/registry/customresource/validator.go. */
export function scaleErrors(
  scale: CustomResourceSubresourceScale | undefined,
  object: ApiObject,
  includesSpec: boolean,
): FieldError[] {
  if (!scale) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const errors = [
    ...(includesSpec ? replicasErrors(specReplicasPath, object) : []),
    ...replicasErrors(statusReplicasPath, object),
  ]
  const selector = labelSelectorPath ? valueAt(object, stepsOf(labelSelectorPath)) : undefined
  if (labelSelectorPath && selector !== undefined && typeof selector !== 'string') {
    errors.push(invalid(labelSelectorPath, '', accessorError(labelSelectorPath, selector, 'string')))
  }
  return errors
}

function replicasErrors(path: string, object: ApiObject): FieldError[] {
  const value = valueAt(object, stepsOf(path))
  if (value === undefined) return []
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [invalid(path, 0, accessorError(path, value, 'int64'))]
  }
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return value > maxReplicas ? [invalid(path, value, `should be less than or equal to ${maxReplicas}`)] : []
}

function accessorError(path: string, value: unknown, wanted: string): string {
  return `${path} accessor error: ${goValue(value)} is of the type ${goTypeOf(value)}, expected ${wanted}`
}
