import { ServiceAccount } from '../../api/core/serviceaccount.ts'
import type { TokenRequest } from '../../api/generated/authentication.v1.ts'
import type { ServiceAccountTokenProjection } from '../../api/generated/core.v1.ts'
import { ApiError, attempt } from '../../machinery/status.ts'
import type { Kubelet } from './context.ts'
import type { PodWorker } from './state.ts'

/** Asks the API for a token of the Pod's service account, bound to the Pod: pkg/kubelet/token/token_manager.go. */
export function requestToken(
  { api }: Kubelet,
  { pod }: PodWorker,
  { audience, expirationSeconds }: ServiceAccountTokenProjection,
): string {
  const { name, namespace = 'default', uid } = pod.metadata
  const account = pod.spec.serviceAccountName ?? 'default'
  let answer: TokenRequest | undefined
  const failure = attempt(() => {
    answer = api.send<TokenRequest>({
      verb: 'create',
      kind: ServiceAccount,
      name: account,
      namespace,
      subresource: 'token',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: {},
        spec: {
          ...(audience !== undefined && { audiences: [audience] }),
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      },
    })
  })
  // A server that issues no tokens does not keep Pods from starting: they get one that opens nothing.
  if (failure && isUnserved(failure)) return `${namespace}:${account}:${uid}`
  if (failure) throw new ApiError(failure.reason, `failed to fetch token: ${failure.message}`)
  return answer?.status?.token ?? ''
}

function isUnserved({ reason, message }: ApiError): boolean {
  return reason === 'MethodNotAllowed' || message.startsWith('the server could not find the requested resource')
}
