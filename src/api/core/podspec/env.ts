import { type FieldError, invalid, notSupported, required } from '../../../machinery/fieldpath.ts'
import { compareQuantities, quantityError } from '../../../machinery/quantity.ts'
import {
  isConfigMapKey,
  isDns1123Subdomain,
  isQualifiedName,
  isRelaxedEnvVarName,
} from '../../../machinery/validation.ts'
import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from '../../generated/core.v1.ts'
import { addInvalid } from '../../meta/checks.ts'
import { checkLocalNonReservedPath } from './paths.ts'

/** Environment variables: ValidateEnv and ValidateEnvFrom of kubernetes/pkg/apis/core/validation. */

export function defaultEnv(env: EnvVar[]): void {
  for (const { valueFrom } of env) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= 'v1'
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0'
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false
  }
}

export function checkEnv(errors: FieldError[], path: string, env: readonly EnvVar[]): void {
  for (let i = 0; i < env.length; i++) {
    const variable = env[i]
    if (!variable) continue
    const { name } = variable
    if (!name) errors.push(required(`${path}[${i}].name`))
    else addInvalid(errors, `${path}[${i}].name`, name, isRelaxedEnvVarName(name))
    if (variable.valueFrom) checkSource(errors, `${path}[${i}].valueFrom`, variable, variable.valueFrom)
  }
}

const fieldsForEnv = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
])

const resourcesForEnv = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

function checkSource(errors: FieldError[], path: string, { value }: EnvVar, source: EnvVarSource): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source
  let count = 0
  if (fieldRef) {
    count++
    checkFieldRef(errors, `${path}.fieldRef`, fieldRef, fieldsForEnv)
  }
  if (resourceFieldRef) {
    count++
    checkResourceFieldRef(errors, `${path}.resourceFieldRef`, resourceFieldRef)
  }
  if (configMapKeyRef) {
    count++
    checkKeyRef(errors, `${path}.configMapKeyRef`, configMapKeyRef)
  }
  if (secretKeyRef) {
    count++
    checkKeyRef(errors, `${path}.secretKeyRef`, secretKeyRef)
  }
  if (fileKeyRef) {
    count++
    checkFileKeyRef(errors, `${path}.fileKeyRef`, fileKeyRef)
  }
  if (count === 0) {
    const kinds = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    errors.push(invalid(path, '', `must specify one of: ${kinds}`))
  }
  if (value) {
    if (count !== 0) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  } else if (count > 1) {
    errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  }
}

const subscripted = /^(.*)\['(.*)'\]$/

/** A reference to a field of the Pod itself; labels and annotations may be asked for by key. */
export function checkFieldRef(
  errors: FieldError[],
  path: string,
  { apiVersion, fieldPath }: ObjectFieldSelector,
  supported: ReadonlySet<string>,
): void {
  if (!apiVersion) {
    errors.push(required(`${path}.apiVersion`))
    return
  }
  if (!fieldPath) {
    errors.push(required(`${path}.fieldPath`))
    return
  }
  const [, map = '', key = ''] = subscripted.exec(fieldPath) ?? []
  if (map === 'metadata.annotations') {
    addInvalid(errors, path, key, isQualifiedName(key.toLowerCase()))
  } else if (map === 'metadata.labels') {
    addInvalid(errors, path, key, isQualifiedName(key))
  } else if (map) {
    errors.push(invalid(path, fieldPath, 'does not support subscript'))
  } else if (!isConvertible(fieldPath)) {
    const detail = `error converting fieldPath: field label not supported: ${fieldPath}`
    errors.push(invalid(`${path}.fieldPath`, fieldPath, detail))
  } else if (!supported.has(fieldPath)) {
    errors.push(notSupported(`${path}.fieldPath`, fieldPath, [...supported].sort()))
  }
}

/** Field labels that v1 Pods know (pkg/apis/core/v1/conversion.go). */
const podFieldLabels = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.hostNetwork',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.nominatedNodeName',
  'status.phase',
  'status.podIP',
  'status.podIPs',
])

function isConvertible(fieldPath: string): boolean {
  return podFieldLabels.has(fieldPath)
}

/** A reference to a container's request or limit. */
export function checkResourceFieldRef(
  errors: FieldError[],
  path: string,
  { containerName, resource, divisor }: ResourceFieldSelector,
  isVolume = false,
): void {
  if (isVolume && !containerName) {
    errors.push(required(`${path}.containerName`))
  } else if (!resource) {
    errors.push(required(`${path}.resource`))
  } else if (!resourcesForEnv.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, resourcesForEnv))
  }
  if (divisor !== undefined) checkDivisor(errors, `${path}.divisor`, resource, divisor)
}

const divisors: Record<string, readonly string[]> = {
  cpu: ['1m', '1'],
  memory: ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'],
}

function checkDivisor(errors: FieldError[], path: string, resource: string, divisor: string): void {
  if (quantityError(divisor) !== undefined || divisor === '0') return
  const name = resource.replace(/^(limits|requests)\./, '') === 'cpu' ? 'cpu' : 'memory'
  if (divisors[name]?.some(allowed => compareQuantities(allowed, divisor) === 0)) return
  const unit = name === 'cpu' ? '1m and 1' : '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei'
  errors.push(invalid(path, divisor, `only divisor's values ${unit} are supported with the ${name} resource`))
}

function checkKeyRef(errors: FieldError[], path: string, { name, key }: { name?: string; key: string }): void {
  // An empty name was accepted once, and therefore still is.
  if (name) addInvalid(errors, `${path}.name`, name, isDns1123Subdomain(name))
  if (!key) errors.push(required(`${path}.key`))
  else addInvalid(errors, `${path}.key`, key, isConfigMapKey(key))
}

function checkFileKeyRef(errors: FieldError[], path: string, { volumeName, key, path: file }: FileKeySelector): void {
  if (!volumeName) errors.push(required(`${path}.volumeName`))
  if (!key) errors.push(required(`${path}.key`))
  if (!file) errors.push(required(`${path}.path`))
  else checkLocalNonReservedPath(errors, `${path}.path`, file)
}

export function checkEnvFrom(errors: FieldError[], path: string, sources: readonly EnvFromSource[]): void {
  sources.forEach(({ prefix, configMapRef, secretRef }, i) => {
    if (prefix) addInvalid(errors, `${path}[${i}].prefix`, prefix, isRelaxedEnvVarName(prefix))
    if (configMapRef) checkSourceName(errors, `${path}[${i}].configMapRef.name`, configMapRef.name)
    if (secretRef) checkSourceName(errors, `${path}[${i}].secretRef.name`, secretRef.name)
    if (!configMapRef && !secretRef) {
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    } else if (configMapRef && secretRef) {
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
    }
  })
}

function checkSourceName(errors: FieldError[], path: string, name: string | undefined): void {
  if (!name) errors.push(required(path))
  else addInvalid(errors, path, name, isDns1123Subdomain(name))
}
