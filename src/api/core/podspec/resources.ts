import { type FieldError, forbidden, invalid } from '../../../machinery/fieldpath.ts'
import { own } from '../../../machinery/json-value.ts'
import { asQuantity, compareQuantities, milliValue, sign } from '../../../machinery/quantity.ts'
import { isQualifiedName, negativeError } from '../../../machinery/validation.ts'
import type { ResourceRequirements } from '../../generated/core.v1.ts'
import { addInvalid } from '../../meta/checks.ts'

/** Requests and limits: ValidateResourceRequirements of core validation, helper.IsExtendedResourceName and its kin. */

const standardForContainers = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** Names without a domain that mean something to some kind. */
const standardResources = new Set([
  ...standardForContainers,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
])

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

export function isStandardResource(name: string): boolean {
  return standardResources.has(name) || isHugePages(name)
}

/** A name in Kubernetes' own namespace: without a domain, or with one of kubernetes.io. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/')
}

/** A device or the like that is counted in whole pieces and cannot be shared. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith('requests.')) return false
  return isQualifiedName(`requests.${name}`).length === 0
}

/** Extended resources, huge pages and the like: what is limited is also what is requested. */
function mayOvercommit(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name)
}

export function checkResourceName(errors: FieldError[], path: string, name: string): void {
  const wrong = isQualifiedName(name)
  addInvalid(errors, path, name, wrong)
  if (wrong.length === 0 && !name.includes('/') && !isStandardResource(name)) {
    errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'))
  }
}

function checkContainerResourceName(errors: FieldError[], path: string, name: string): void {
  if (standardForContainers.has(name)) return
  checkResourceName(errors, path, name)
  if (!name.includes('/')) {
    if (!isHugePages(name)) errors.push(invalid(path, name, 'must be a standard resource for containers'))
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"))
  }
}

/** An amount of a resource: not negative, and whole where pieces are counted. */
export function checkAmount(errors: FieldError[], path: string, name: string, amount: string): void {
  if (sign(amount) < 0) errors.push(invalid(path, asQuantity(amount).text, negativeError))
  if (isWholeOnly(name) && milliValue(amount) % 1000 !== 0) {
    errors.push(invalid(path, asQuantity(amount).text, 'must be an integer'))
  }
}

const counted = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

function isWholeOnly(name: string): boolean {
  return counted.has(name) || isExtendedResource(name)
}

export function checkContainerResources(errors: FieldError[], path: string, resources: ResourceRequirements): void {
  const { limits, requests } = resources
  if (!limits && !requests) return
  let hasCpuOrMemory = false
  let hasHugePages = false
  const note = (name: string): void => {
    if (name === 'cpu' || name === 'memory') hasCpuOrMemory = true
    else if (isHugePages(name)) hasHugePages = true
  }
  for (const name of sortedNames(limits)) {
    checkContainerResourceName(errors, `${path}.limits[${name}]`, name)
    checkAmount(errors, `${path}.limits[${name}]`, name, limits?.[name] ?? '0')
    note(name)
  }
  for (const name of sortedNames(requests)) {
    checkContainerResourceName(errors, `${path}.requests[${name}]`, name)
    checkAmount(errors, `${path}.requests[${name}]`, name, requests?.[name] ?? '0')
    note(name)
    checkAgainstLimit(errors, path, name, requests?.[name] ?? '0', own(limits, name))
  }
  if (hasHugePages && !hasCpuOrMemory) errors.push(forbidden(path, 'HugePages require cpu or memory'))
}

function checkAgainstLimit(
  errors: FieldError[],
  path: string,
  name: string,
  request: string,
  limit: string | undefined,
): void {
  const shown = asQuantity(request).text
  if (limit === undefined) {
    if (!mayOvercommit(name))
      errors.push(forbidden(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
    return
  }
  const difference = compareQuantities(request, limit)
  const of = `${name} limit of ${asQuantity(limit).text}`
  if (difference !== 0 && !mayOvercommit(name)) {
    errors.push(invalid(`${path}.requests`, shown, `must be equal to ${of}`))
  } else if (difference > 0) {
    errors.push(invalid(`${path}.requests`, shown, `must be less than or equal to ${of}`))
  }
}

function sortedNames(amounts: Record<string, string> | undefined): string[] {
  if (!amounts) return []
  const names = Object.keys(amounts)
  return names.length > 1 ? names.sort() : names
}

/** Resources for the whole Pod must be able to hold what the containers ask for. */
export function checkPodResources(errors: FieldError[], path: string, resources: ResourceRequirements): void {
  const supported = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name)
  for (const list of ['limits', 'requests'] as const) {
    for (const name of sortedNames(resources[list])) {
      if (supported(name)) continue
      errors.push({
        type: 'FieldValueNotSupported',
        field: `${path}.${list}[${name}]`,
        badValue: name,
        detail: 'supported values: "cpu", "memory", "hugepages-"',
      })
    }
  }
  checkContainerResources(errors, path, resources)
}
