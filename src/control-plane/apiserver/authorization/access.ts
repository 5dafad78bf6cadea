import type { UserInfo } from '../../../machinery/rest.ts'

/**
 * What somebody wants to do: authorizer.Attributes. A request of the API is one, too; questions (`kubectl auth can-i`)
 * may name verbs that no request has.
 */
export interface Access {
  readonly user: UserInfo
  readonly verb: string
  readonly group: string
  readonly version?: string
  /** Plural name. */
  readonly resource: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  /** For what is not a resource: `/healthz`. Group and resource are empty then. */
  readonly path?: string
  readonly options?: { readonly fieldSelector?: string | undefined } | undefined
}

/** What an authorizer says. Who does not know says no, and the next one is asked: nothing here denies for good. */
export interface Verdict {
  readonly allowed: boolean
  /** Why, in upstream's words; of a denial only what users are to see. */
  readonly reason: string
  /** The authorizer that decided. */
  readonly by: string
}

/** The namespace that rules are looked up in. A Namespace is thought to be inside itself (request.RequestInfo). */
export function namespaceOf({ group, resource, namespace, name }: Access): string {
  if (namespace) return namespace
  return resource === 'namespaces' && group === '' ? (name ?? '') : ''
}

/** The name that rules with resourceNames look at: a list or watch of one name counts as being about it. */
export function nameIn({ name, options, verb }: Access): string {
  if (name) return name
  const selector = options?.fieldSelector
  if (!selector || (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection')) return ''
  return exactMatch(selector, 'metadata.name') ?? ''
}

/** The value that a field must have for a selector to match. */
export function exactMatch(selector: string, field: string): string | undefined {
  for (const part of selector.split(',')) {
    const match = /^([^=!]+)==?([^=]*)$/.exec(part)
    if (match?.[1] === field) return match[2]
  }
  return undefined
}

/** `User "jane" cannot list resource "pods" in API group "" in the namespace "default"`. */
export function refusal(access: Access): string {
  const { user, verb, resource, subresource, group, path } = access
  if (path !== undefined) return `User "${user.name}" cannot ${verb} path "${path}"`
  const namespace = namespaceOf(access)
  const what = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'
  return `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}"${where}`
}
