import { isDnsAnswer } from '../../network/dns.ts'
import type { Answer } from '../../network/exchange.ts'
import type { Process } from '../../node/runtime/program.ts'
import type { NetworkAnswer, NetworkRequest } from '../../shell/programs/network-request.ts'

/** Sends what a program of a shell asks of the network, from its container. The answer comes with the tag. */
export function sendRequest(process: Process, request: NetworkRequest, tag: unknown): void {
  const how = request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }
  switch (request.kind) {
    case 'http': {
      const { scheme, host, port, method, path, headers, body } = request
      const http = { method, path, headers, ...(body !== undefined && { body }) }
      process.request(`${scheme}://${host}:${port}${path}`, http, tag, how)
      break
    }
    case 'lookup': {
      const { name, type, server } = request
      process.ask({ protocol: 'dns', host: server, port: 53, payload: { name, type } }, tag, how)
      break
    }
    case 'connect':
      process.ask({ protocol: 'tcp', host: request.host, port: request.port }, tag, how)
  }
}

/** The network's answer as a program of a shell knows it. */
export function networkAnswer(answer: Answer): NetworkAnswer {
  const { remote, tookMs } = answer
  if (!answer.ok) return { ok: false, failure: answer.failure, remote, tookMs }
  const { http, payload } = answer
  const dns = isDnsAnswer(payload) ? { code: payload.code, records: payload.answers } : undefined
  return { ok: true, remote, tookMs, ...(http && { http }), ...(dns && { dns }) }
}

export function isNetworkRequest(request: unknown): request is NetworkRequest {
  if (typeof request !== 'object' || request === null || !('kind' in request)) return false
  return request.kind === 'http' || request.kind === 'lookup' || request.kind === 'connect'
}
