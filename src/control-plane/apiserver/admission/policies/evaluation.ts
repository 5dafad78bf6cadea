import type { ParamKind, ParamRef } from '../../../../api/generated/admissionregistration.v1.ts'
import { type Named, requestShape, variablesType } from '../../../../api/admissionregistration/policy-expressions.ts'
import type { Bindings } from '../../../../machinery/cel/interpreter.ts'
import { fromJson } from '../../../../machinery/cel/json.ts'
import { authorizerValue, resourceCheckValue } from '../../../../machinery/cel/library/authorizer.ts'
import { CelMap, type CelValue, Failure } from '../../../../machinery/cel/values.ts'
import { matches } from '../../../../machinery/labels.ts'
import type { ApiObject } from '../../../../machinery/object.ts'
import { namespaces } from '../../known.ts'
import type { Attributes } from '../chain.ts'

/** What the expressions of a policy are evaluated with, made as far as they ask. Models plugin/cel/{filter,condition}.go. */
export function bindingsFor(
  attributes: Attributes,
  object: ApiObject | undefined,
  variables: readonly Named[],
  params: ApiObject | undefined,
): Bindings {
  const made = new Map<string, CelValue>()
  const make = (name: string): CelValue | undefined => {
    switch (name) {
      case 'object':
        return attributes.operation === 'DELETE' ? null : fromJson(object)
      case 'oldObject':
        return fromJson(attributes.old)
      case 'request':
        return fromJson(requestOf(attributes), requestShape)
      case 'namespaceObject':
        return fromJson(attributes.namespace && attributes.find(namespaces, attributes.namespace))
      case 'params':
        return fromJson(params)
      case 'authorizer':
        return authorizerValue(attributes.ask)
      case 'authorizer.requestResource':
        return resourceCheckValue(attributes.ask, questionOf(attributes))
      case 'variables':
        return lazily(variables, bindings)
      default:
        return undefined
    }
  }
  const bindings: Bindings = name => {
    const known = made.get(name)
    if (known !== undefined) return known
    const value = make(name)
    if (value !== undefined) made.set(name, value)
    return value
  }
  return bindings
}

/** `variables.x` is evaluated when somebody asks for it, and once. */
function lazily(variables: readonly Named[], bindings: Bindings): CelMap {
  const byName = new Map(variables.map(({ name, expression }) => [name, expression]))
  const values = new Map<string, CelValue | Failure>()
  return new CelMap(
    () => [...byName.keys()],
    key => {
      if (typeof key !== 'string') return undefined
      const known = values.get(key)
      if (known !== undefined) return known
      const expression = byName.get(key)
      if (!expression) return undefined
      const { value, error } = expression.evaluate(bindings)
      const result =
        error === undefined ? value : new Failure(`composited variable "${key}" fails to evaluate: ${error}`)
      values.set(key, result)
      return result
    },
    variablesType,
    key => typeof key === 'string' && byName.has(key),
  )
}

function questionOf({ kind, subresource, namespace, name }: Attributes) {
  return {
    group: kind.group,
    resource: kind.plural,
    ...(subresource && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name && { name }),
  }
}

function requestOf({ kind, subresource, name, namespace, operation, user, isDryRun, options }: Attributes): object {
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind }
  const gvr = { group: kind.group, version: kind.version, resource: kind.plural }
  return {
    kind: gvk,
    resource: gvr,
    ...(subresource && { subResource: subresource, requestSubResource: subresource }),
    requestKind: gvk,
    requestResource: gvr,
    ...(name && { name }),
    ...(namespace !== undefined && { namespace }),
    operation,
    userInfo: {
      username: user.name,
      uid: user.uid ?? '',
      groups: user.groups,
      ...(user.extra && { extra: user.extra }),
    },
    dryRun: isDryRun,
    options,
  }
}

/** Whether all conditions hold; an error where one cannot be told and none is false. */
export function conditionsHold(conditions: readonly Named[], bindings: Bindings): boolean | { readonly error: string } {
  let error: string | undefined
  for (const { expression } of conditions) {
    const outcome = expression.evaluate(bindings)
    if (outcome.error !== undefined) error ??= outcome.error
    else if (outcome.value !== true) return false
  }
  return error === undefined ? true : { error }
}

/** The parameters that a binding names: each is looked at by itself. An empty entry stands for a policy without any. */
export function paramsFor(
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  { namespace, read }: Attributes,
): readonly (ApiObject | undefined)[] | { readonly error: string } {
  if (!kind) return [undefined]
  if (!ref) return { error: 'paramRef is not specified' }
  const { apiVersion = '', kind: kindName = '' } = kind
  const all = read(apiVersion, kindName, ref.namespace ?? namespace)
  if (!all) return { error: `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kindName}'` }
  const found = all.filter(({ metadata }) =>
    ref.name === undefined ? matches(ref.selector, metadata.labels) : metadata.name === ref.name,
  )
  if (found.length > 0) return found
  if (ref.parameterNotFoundAction === 'Allow') return []
  return { error: 'no params found for policy binding with `Deny` parameterNotFoundAction' }
}
