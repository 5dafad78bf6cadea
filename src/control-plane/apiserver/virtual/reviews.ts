import { deepFreeze } from '../../../machinery/object.ts'
import type { ApiRequest, UserInfo, Verb } from '../../../machinery/rest.ts'
import { attempt } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { authenticateByDefault } from '../authentication.ts'
import { authorize } from '../authorization.ts'
import type { Answer, Call } from '../call.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../record.ts'

/** Questions about identity and permission (registry/authentication, registry/authorization). */

/** `kubectl auth whoami`. */
export function reviewSelf(call: Call): Answer {
  return answered(call, {}, { userInfo: infoOf(call.request.user) })
}

export function reviewToken(call: Call): Answer {
  const spec = fieldsOf(fieldsOf(call.request.body).spec)
  const { authenticate = authenticateByDefault } = call.server.options
  let user: UserInfo | undefined
  attempt(() => {
    user = authenticate({ authorization: `Bearer ${textOf(spec.token)}`, now: call.self.now })
  })
  return answered(call, spec, user ? { authenticated: true, user: infoOf(user) } : { user: {} })
}

/** `kubectl auth can-i`: about oneself, or about the user that the review names. */
export function reviewAccess(call: Call): Answer {
  const { request, server } = call
  const spec = fieldsOf(fieldsOf(request.body).spec)
  const isAboutSelf = call.resource.kind.plural === 'selfsubjectaccessreviews'
  const named = { name: textOf(spec.user), groups: listOf(spec.groups).map(textOf) }
  const { allowed, reason } = authorize(server.authorizer, asRequest(spec, isAboutSelf ? request.user : named))
  return answered(call, spec, { allowed, ...(reason && { reason }) })
}

/** What an administrator of everything may do; an authorizer with rules will list them. */
export function reviewRules(call: Call): Answer {
  const spec = fieldsOf(fieldsOf(call.request.body).spec)
  const resourceRules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
  const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }]
  return answered(call, spec, { resourceRules, nonResourceRules, incomplete: false })
}

const verbs: readonly Verb[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']

function asRequest(spec: Fields, user: UserInfo): ApiRequest {
  const { verb, group, version, resource, subresource, namespace, name } = fieldsOf(spec.resourceAttributes)
  return {
    verb: verbs.find(known => known === verb) ?? 'get',
    group: textOf(group),
    version: textOf(version),
    resource: textOf(resource),
    ...(textOf(subresource) && { subresource: textOf(subresource) }),
    ...(textOf(namespace) && { namespace: textOf(namespace) }),
    ...(textOf(name) && { name: textOf(name) }),
    user,
    userAgent: '',
  }
}

function infoOf({ name: username, uid, groups, extra }: UserInfo): object {
  return { username, ...(uid && { uid }), groups, ...(extra && { extra }) }
}

function answered({ resource, self }: Call, spec: Fields, status: object): Answer {
  const { kind, apiVersion } = resource.kind
  const metadata = { creationTimestamp: timestamp(self.now) }
  const hasSpec = Object.keys(spec).length > 0
  return { code: 201, body: deepFreeze({ kind, apiVersion, metadata, ...(hasSpec && { spec }), status }) }
}
