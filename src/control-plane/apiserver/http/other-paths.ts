import { definitionsIn } from '../custom/definitions.ts'
import { openApiDocument } from '../custom/openapi.ts'
import type { Exchange } from './exchange.ts'
import { discoveryAt } from './discovery.ts'
import { header, type HttpResponse } from './message.ts'
import { notAllowed } from './path.ts'
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

const health = new Set(['healthz', 'livez', 'readyz'])

/** What is not a resource: versions, health and discovery. */
export function otherPaths(exchange: Exchange): HttpResponse | undefined {
  const { parts, request, server } = exchange
  const [first = '', ...rest] = parts
  if (first === 'version' && rest.length === 0) return onlyGet(exchange, () => answer(200, version, 'json', []))
  if (health.has(first)) {
    return onlyGet(exchange, () => {
      const failure = server.options.etcdFailure?.()
      return failure === undefined ? plainText(200, 'ok') : plainText(500, `[-]etcd failed: ${failure}\n`)
    })
  }
  const openApi = first === 'openapi' ? openApiAt(exchange, rest) : undefined
  if (openApi) return onlyGet(exchange, () => answer(200, openApi, 'json', []))
  const discovery = discoveryAt(server, parts, header(request, 'Accept'))
  if (!discovery) return undefined
  const { contentType = 'application/json', document } = discovery
  return onlyGet(exchange, () => ({ ...answer(200, document, 'json', []), headers: { 'Content-Type': contentType } }))
}

/** `/openapi/v3/apis/GROUP/VERSION` of custom resources. */
function openApiAt({ server }: Exchange, [form, root, group, version, ...more]: readonly string[]): object | undefined {
  if (form !== 'v3' || root !== 'apis' || group === undefined || version === undefined || more.length > 0) {
    return undefined
  }
  return openApiDocument(definitionsIn(server.options.etcd()), group, version)
}

function onlyGet({ request: { method } }: Exchange, respond: () => HttpResponse): HttpResponse {
  if (method !== 'GET') throw notAllowed()
  return respond()
}
