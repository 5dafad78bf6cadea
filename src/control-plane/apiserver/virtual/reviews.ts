import { deepFreeze } from '../../../machinery/object.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { badRequest } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { authenticateToken } from '../authentication/authenticate.ts'
import type { Access } from '../authorization/access.ts'
import type { Answer, Call } from '../call.ts'
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../record.ts'
import { issuer } from '../tokens.ts'
import { checkReview } from './review-validation.ts'

/** Questions about identity and permission (registry/authentication, registry/authorization). */

/** `kubectl auth whoami`. */
export function reviewSelf(call: Call): Answer {
  return answered(call, undefined, { userInfo: infoOf(call.request.user) }, true)
}

/** Whose token is this? */
export function reviewToken(call: Call): Answer {
  const spec = fieldsOf(fieldsOf(call.request.body).spec)
  const token = textOf(spec.token)
  if (token === '') throw badRequest('token is required for TokenReview in authentication')
  const { authentication = {}, etcd } = call.server.options
  const wanted = listOf(spec.audiences).map(textOf)
  const credentials = { authorization: undefined, certificate: undefined, now: call.self.now, etcd: etcd() }
  const audiences = wanted.length > 0 ? wanted : [issuer]
  const found = authenticateToken(authentication, token, credentials, audiences)
  if (!found) return answered(call, spec, { user: {}, error: 'invalid bearer token' })
  const meant = found.audiences ?? audiences
  return answered(call, spec, { authenticated: true, user: infoOf(found.user), audiences: meant })
}

/** `kubectl auth can-i`: about oneself, or about the user that the review names. */
export function reviewAccess(call: Call): Answer {
  const { request, server, resource } = call
  const { spec: given } = fieldsOf(request.body)
  const spec = fieldsOf(given)
  checkReview(resource.kind, spec, call.namespace)
  const isAboutSelf = resource.kind.plural === 'selfsubjectaccessreviews'
  const access = accessOf(spec, isAboutSelf ? request.user : userIn(spec))
  const { allowed, reason } = server.authorizer.authorize(access, call.etcd)
  return answered(call, spec, { allowed, ...(reason && { reason }) })
}

function userIn(spec: Fields): UserInfo {
  const uid = textOf(spec.uid)
  return { name: textOf(spec.user), groups: listOf(spec.groups).map(textOf), ...(uid && { uid }) }
}

function accessOf(spec: Fields, user: UserInfo): Access {
  if (isFields(spec.nonResourceAttributes)) {
    const { verb, path } = spec.nonResourceAttributes
    return { user, verb: textOf(verb), group: '', resource: '', path: textOf(path) }
  }
  const attributes = fieldsOf(spec.resourceAttributes)
  const { verb, group, version, resource, subresource, namespace, name } = attributes
  return {
    user,
    verb: textOf(verb),
    group: textOf(group),
    version: textOf(version),
    resource: textOf(resource),
    subresource: textOf(subresource),
    namespace: textOf(namespace),
    name: textOf(name),
    options: { fieldSelector: selectorIn(fieldsOf(attributes.fieldSelector)) },
  }
}

/** A selector that is given as requirements, as text; what is no equation selects nothing that rules look at. */
function selectorIn({ rawSelector, requirements }: Fields): string {
  if (typeof rawSelector === 'string') return rawSelector
  return listOf(requirements)
    .map(fieldsOf)
    .flatMap(({ key, operator, values }) => {
      const [value, ...more] = listOf(values).map(textOf)
      return operator === 'In' && value !== undefined && more.length === 0 ? [`${textOf(key)}=${value}`] : []
    })
    .join(',')
}

/** `kubectl auth can-i --list`: the rules that hold for oneself in a namespace. */
export function reviewRules(call: Call): Answer {
  const { request, server, etcd } = call
  const namespace = textOf(fieldsOf(fieldsOf(request.body).spec).namespace)
  if (namespace === '') throw badRequest('no namespace on request')
  const found = server.authorizer.rulesFor?.(request.user, namespace, etcd)
  const { rules = [], incomplete = false, error } = found ?? {}
  const resourceRules = rules
    .filter(({ resources = [] }) => resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      ...(apiGroups && { apiGroups }),
      resources,
      ...(resourceNames && { resourceNames }),
    }))
  const nonResourceRules = rules
    .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }))
  const evaluationError = error === undefined ? {} : { evaluationError: error }
  return answered(call, {}, { resourceRules, nonResourceRules, incomplete, ...evaluationError })
}

function infoOf({ name: username, uid, groups, extra }: UserInfo): object {
  return { username, ...(uid && { uid }), groups, ...(extra && { extra }) }
}

function answered({ resource, self }: Call, spec: Fields | undefined, status: object, isDated = false): Answer {
  const { kind, apiVersion } = resource.kind
  const metadata = isDated ? { creationTimestamp: timestamp(self.now) } : {}
  return { code: 201, body: deepFreeze({ kind, apiVersion, metadata, ...(spec && { spec }), status }) }
}
