import { ApiError } from '../../../machinery/status.ts'
import type { Resource, ResourceTable } from '../resources.ts'

/** What a path of the API names: request.RequestInfo. */
export interface ResourcePath {
  readonly resource: Resource
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  /** What follows a proxy's subresource, as it was written. */
  readonly rest?: string
  /** The old form of a watch: `/api/v1/watch/…`. */
  readonly isWatch: boolean
}

/** Groups that the real server knows, whether we serve their kinds or not: a bad path in one of them gets another answer. */
const groups: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
])

/** The parts of a path, decoded. */
export function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean).map(decodePart)
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/**
 * The resource that a path names. Undefined when nothing of the API is there (the answer is a plain 404); throws
 * NotFound when a known group has no such version or resource.
 */
export function resourceAt(resources: ResourceTable, parts: readonly string[]): ResourcePath | undefined {
  const [root, ...tail] = parts
  if (root !== 'api' && root !== 'apis') return undefined
  const [group = '', version = '', ...rest] = root === 'api' ? ['', ...tail] : tail
  if (root === 'apis' && !groups.has(group) && !resources.hasGroup(group)) return undefined
  if (!resources.hasVersion(group, version)) throw notServed()
  const isWatch = rest[0] === 'watch' && rest.length > 1
  const [first, second, third, ...more] = isWatch ? rest.slice(1) : rest
  if (first === 'namespaces' && second !== undefined && third !== undefined && !isOwnSubresource(third, more)) {
    return named(resources, group, version, third, more, isWatch, second)
  }
  if (first === undefined) return undefined
  const names = [second, third, ...more].filter(part => part !== undefined)
  return named(resources, group, version, first, names, isWatch, undefined)
}

/** `/namespaces/x/status` is about the namespace itself. */
function isOwnSubresource(part: string, more: readonly string[]): boolean {
  return more.length === 0 && (part === 'status' || part === 'finalize')
}

function named(
  resources: ResourceTable,
  group: string,
  version: string,
  plural: string,
  [name, subresource, ...more]: readonly string[],
  isWatch: boolean,
  namespace: string | undefined,
): ResourcePath {
  const resource = resources.find(group, version, plural)
  if (!resource || (more.length > 0 && subresource !== 'proxy')) throw notServed()
  if (namespace !== undefined && !resource.kind.namespaced) throw notServed()
  if (namespace === undefined && resource.kind.namespaced && name !== undefined) throw notServed()
  return {
    resource,
    isWatch,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}

export function notServed(): ApiError {
  return new ApiError('NotFound', 'the server could not find the requested resource', {})
}

export function notAllowed(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}
