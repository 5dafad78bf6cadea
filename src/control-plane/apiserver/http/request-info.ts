import type { Access } from '../authorization/access.ts'
import type { Exchange } from './exchange.ts'
import { firstOf, isSet } from './query.ts'

/** What somebody asks for, without the user: read from method and path alone. */
export type RequestInfo = Omit<Access, 'user'>

type Line = Pick<Exchange, 'request' | 'parts' | 'query'>

/**
 * What the line of a request asks for, whether it is served or not: who may not ask does not learn what there is.
 * Models request/requestinfo.go.
 */
export function requestInfo({ request, parts, query }: Line): RequestInfo {
  const method = request.method.toUpperCase()
  const [root, ...afterRoot] = parts
  const skipped = root === 'apis' ? 1 : 0
  const isResource = (root === 'api' || root === 'apis') && parts.length >= 3 + skipped
  if (!isResource) return { verb: method.toLowerCase(), group: '', resource: '', path: pathIn(request.path) }
  const group = skipped === 1 ? (afterRoot[0] ?? '') : ''
  const [version = '', ...afterVersion] = afterRoot.slice(skipped)
  const isWatch = afterVersion[0] === 'watch' && afterVersion.length > 1
  const { namespace, rest } = placeOf(isWatch ? afterVersion.slice(1) : afterVersion)
  const [resource = '', name, subresource] = rest
  const options = { fieldSelector: firstOf(query, 'fieldSelector') }
  const watching = isWatch || isSet(query, 'watch') === true
  const verb = isWatch ? 'watch' : verbOf(method, name === undefined, watching)
  return {
    verb,
    group,
    version,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    options,
  }
}

function pathIn(path: string): string {
  const mark = path.indexOf('?')
  return mark < 0 ? path : path.slice(0, mark)
}

/** `/namespaces/x/pods/y` is about a Pod, `/namespaces/x/status` about the Namespace. */
function placeOf(parts: readonly string[]): { namespace?: string; rest: readonly string[] } {
  const [first, namespace, next] = parts
  if (first !== 'namespaces' || namespace === undefined) return { rest: parts }
  const isInside = next !== undefined && next !== 'status' && next !== 'finalize'
  return { namespace, rest: isInside ? parts.slice(2) : parts }
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

function verbOf(method: string, isCollection: boolean, watching: boolean): string {
  if (method === 'GET' || method === 'HEAD') return isCollection ? (watching ? 'watch' : 'list') : 'get'
  if (method === 'DELETE') return isCollection ? 'deletecollection' : 'delete'
  return verbs[method] ?? ''
}
