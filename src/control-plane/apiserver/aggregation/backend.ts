import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import { ApiError } from '../../../machinery/status.ts'
import type { Answer, Call } from '../call.ts'
import { selectorsOf } from '../registry/list-options.ts'
import { isAvailable, slicesOf } from './api-services.ts'
import type { AggregatedEndpoint } from './door.ts'

/**
 * A request for what another API server has: to a Pod behind the Service of its APIService, if that is available. Models
 * pkg/apiserver/handler_proxy.go.
 */
export function askAggregated(call: Call): Answer {
  const { server, request, resource, namespace, options } = call
  const { group, version, plural, kind, apiVersion, listKind } = resource.kind
  const { verb, name } = request
  if (verb !== 'get' && verb !== 'list') {
    throw new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  }
  const apiService = server.apiServices.remote(group, version)
  const door = server.options.aggregated
  if (!apiService || !isAvailable(apiService) || !door) throw unavailable(call)
  const endpoint = endpointOf(call, apiService.spec.service?.namespace ?? '', apiService.spec.service?.name ?? '')
  if (!endpoint) throw unavailable(call)
  const { labels } = selectorsOf(resource.kind, { labelSelector: options.labelSelector ?? '' })
  const answer = door.ask(call.self.name, endpoint, { group, version, plural, namespace, name, labels })
  if ('failure' in answer) throw new ApiError('ServiceUnavailable', `error trying to reach service: ${answer.failure}`)
  call.stages.push({ stage: 'storage', verdict: 'read', detail: `by ${endpoint.address}` })
  if (verb === 'list') {
    return { code: 200, body: deepFreeze({ kind: listKind, apiVersion, metadata: {}, items: answer.items.map(shown) }) }
  }
  const [item] = answer.items
  if (!item) throw new Error(`${kind} was asked for and nothing came`)
  return { code: 200, body: deepFreeze(shown(item)) }
}

/** What nobody stores has neither a uid nor a version. */
function shown({
  metadata: { uid: _, resourceVersion: __, ...metadata },
  apiVersion,
  kind,
  ...rest
}: ApiObject): object {
  return { kind, apiVersion, metadata, ...rest }
}

/** The aggregator says only `service unavailable`; these are the words that client-go makes of it. */
function unavailable({ resource }: Call): ApiError {
  const what = `(get ${resource.kind.resource})`
  return new ApiError('ServiceUnavailable', `the server is currently unable to handle the request ${what}`)
}

/** One of the ready endpoints, by chance. */
function endpointOf({ etcd, self }: Call, namespace: string, service: string): AggregatedEndpoint | undefined {
  const ends = slicesOf(etcd, namespace, service).flatMap(({ endpoints = [], ports = [] }) =>
    endpoints.flatMap(({ addresses, conditions, targetRef }): AggregatedEndpoint[] => {
      const [address] = addresses
      if (conditions?.ready === false || address === undefined) return []
      return [{ address, uid: targetRef?.uid ?? '', port: ports[0]?.port ?? 443 }]
    }),
  )
  return ends.length <= 1 ? ends[0] : ends[Math.floor(self.random() * ends.length)]
}
