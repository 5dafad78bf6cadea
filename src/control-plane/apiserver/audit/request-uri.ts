import type { RequestOptions } from '../../../machinery/rest.ts'
import type { Access } from '../authorization/access.ts'

type Asked = Access & { readonly options?: RequestOptions | undefined }

/** Parameters in the order of their names, as Go's url.Values writes them. */
const parameters = [
  'allowWatchBookmarks',
  'continue',
  'fieldManager',
  'fieldSelector',
  'fieldValidation',
  'force',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
] as const

/** The URI of a request that a component of the simulation made: those have none, only what would be in it. */
export function requestUri(access: Asked): string {
  const { group, version = '', resource, namespace, name, subresource, path, verb, options = {} } = access
  if (path !== undefined) return path
  const parts = [group ? `/apis/${group}/${version}` : `/api/${version}`]
  if (namespace !== undefined) parts.push('namespaces', namespace)
  parts.push(resource)
  // Deletions of collections and lists name nothing; a new object's name is in its body.
  if (name !== undefined && verb !== 'create') parts.push(name)
  else if (subresource !== undefined && name !== undefined) parts.push(name)
  if (subresource !== undefined) parts.push(subresource)
  const query = parameters.flatMap(parameter => {
    const value = options[parameter]
    return value === undefined ? [] : [`${parameter}=${encodeURIComponent(String(value))}`]
  })
  if (options.dryRun === true) query.push('dryRun=All')
  if (verb === 'watch') query.push('watch=true')
  return parts.join('/') + (query.length > 0 ? `?${query.join('&')}` : '')
}
