import { auditRequest } from '../audit/audit.ts'
import { countPath } from '../metrics/count.ts'
import { healthMetrics, serverMetrics } from '../metrics/server-metrics.ts'
import { issuer } from '../tokens.ts'
import type { Exchange } from './exchange.ts'
import { discoveryAt } from './discovery.ts'
import { lineOf } from './gate.ts'
import { healthAt } from './health.ts'
import { header, type HttpResponse } from './message.ts'
import { openApiAt } from './openapi-paths.ts'
import { notAllowed } from './path.ts'
import { requestInfo } from './request-info.ts'
import { answer, plainText } from './write.ts'

/** `GET /version` (component-base/version). */
const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** What is not a resource: versions, health, metrics and discovery. */
export function otherPaths(exchange: Exchange): HttpResponse | undefined {
  const answer = answerAt(exchange)
  if (!answer) return undefined
  const { server, self, request, parts, passed } = exchange
  countPath(self.state, `/${parts.join('/')}`, answer.status)
  const { audit } = self.state
  if (audit) {
    const { user, impersonator, stages } = passed
    const asked = { ...requestInfo(exchange), user, impersonator, ...lineOf(request) }
    auditRequest(server, self, audit, { request: asked, stages, code: answer.status, answer: undefined })
  }
  return answer
}

function answerAt(exchange: Exchange): HttpResponse | undefined {
  const { parts, request, server } = exchange
  const [first = '', ...rest] = parts
  if (first === 'version' && rest.length === 0) return onlyGet(exchange, () => answer(200, version, 'json', []))
  const health = healthAt(exchange)
  if (health) return onlyGet(exchange, () => health)
  if (first === 'metrics') return onlyGet(exchange, () => metricsAt(exchange, rest) ?? nowhere)
  const openApi = first === 'openapi' ? openApiAt(exchange, rest) : undefined
  if (openApi) return onlyGet(exchange, () => openApi)
  const openId = openIdAt(exchange)
  if (openId) return onlyGet(exchange, () => openId)
  const discovery = discoveryAt(server, parts, header(request, 'Accept'))
  if (!discovery) return undefined
  const { contentType = 'application/json', document } = discovery
  return onlyGet(exchange, () => ({ ...answer(200, document, 'json', []), headers: { 'Content-Type': contentType } }))
}

/** What others need who check tokens of service accounts: kube-apiserver's pkg/routes/openidmetadata.go. */
function openIdAt({ parts, server }: Exchange): HttpResponse | undefined {
  const { advertiseAddress = '192.168.1.10', securePort = 6443 } = server.options
  switch (parts.join('/')) {
    case '.well-known/openid-configuration': {
      const configuration = {
        issuer,
        jwks_uri: `https://${advertiseAddress}:${String(securePort)}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }
      return { status: 200, headers: keepAnHour('application/json'), body: JSON.stringify(configuration) }
    }
    case 'openid/v1/jwks':
      // Our signatures are digests that only this server can check (tokens.ts): there is no public key to give out.
      return { status: 200, headers: keepAnHour('application/jwk-set+json'), body: JSON.stringify({ keys: [] }) }
    default:
      return undefined
  }
}

function keepAnHour(type: string): Record<string, string> {
  return { 'Cache-Control': 'public, max-age=3600', 'Content-Type': type }
}

const nowhere = plainText(404, '404 page not found\n')

function metricsAt({ server, self }: Exchange, rest: readonly string[]): HttpResponse | undefined {
  const text = rest.length === 0 ? serverMetrics(server, self) : undefined
  const body = rest.join('/') === 'slis' ? healthMetrics(server, self) : text
  return body === undefined ? undefined : { status: 200, headers: metricsHeaders, body }
}

const metricsHeaders = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }

function onlyGet({ request: { method } }: Exchange, respond: () => HttpResponse): HttpResponse {
  if (method !== 'GET') throw notAllowed()
  return respond()
}
