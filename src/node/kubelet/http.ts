import type { Container } from '../../api/core/pod.ts'
import type { HTTPGetAction } from '../../api/generated/core.v1.ts'
import type { OpenExchange } from '../../network/exchange.ts'
import type { Kubelet } from './context.ts'

/** A request that the kubelet sends to a container: a probe or a lifecycle hook. */
export interface HttpCheck {
  readonly http: HTTPGetAction
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly tag: unknown
  readonly userAgent?: string
}

export function openHttp({ self, state }: Kubelet, { http, host, port, timeoutMs, tag, userAgent }: HttpCheck): void {
  const headers: Record<string, string> = { 'User-Agent': userAgent ?? 'kube-lifecycle/1.36', Accept: '*/*' }
  for (const { name, value } of http.httpHeaders ?? []) headers[name] = value
  const open: OpenExchange = {
    from: state.config.nodeName,
    protocol: 'http',
    ...{ host, port, timeoutMs },
    scheme: http.scheme === 'HTTPS' ? 'https' : 'http',
    http: { method: 'GET', path: pathOf(http), headers },
    replyTo: { component: self.name, tag },
  }
  self.send('network', 0, 'open', open)
}

export function pathOf({ path }: HTTPGetAction): string {
  return path.startsWith('/') ? path : `/${path}`
}

/** `http://10.0.0.1:80/healthz`, as an error names what was asked for. */
export function urlOf(http: HTTPGetAction, host: string, port: number): string {
  return `${http.scheme.toLowerCase()}://${host}:${port}${pathOf(http)}`
}

/** A port by its number or by the name that the container gives it; 0 when no port has the name. */
export function portNumber(container: Container, port: number | string): number {
  if (typeof port === 'number') return port
  const named = container.ports?.find(({ name }) => name === port)
  return named?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : 0)
}
