import type { Ingress, IngressBackend } from '../../api/networking/ingress.ts'

/** A Service's port as an Ingress names it; undefined stands for nginx' own page. */
export interface Upstream {
  /** `default-web-80`: what the access log calls it. */
  readonly name: string
  readonly namespace: string
  readonly service: string
  readonly port: number | string
}

/** One location of a server block. */
export interface Location {
  /** As in the Ingress. */
  readonly path: string
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific'
  readonly upstream: Upstream | undefined
  /** `namespace/name` of its Ingress; empty for nginx' own. */
  readonly ingress: string
  readonly rewriteTarget: string | undefined
  readonly useRegex: boolean
  readonly sslRedirect: boolean
  readonly forceSslRedirect: boolean
}

/** A server block: what is served under one host name. */
export interface Server {
  /** `_` for all hosts that have none of their own. */
  readonly host: string
  readonly locations: readonly Location[]
  /** Whether an Ingress gives it a certificate. */
  readonly hasTls: boolean
}

export const catchAll = '_'

const prefix = 'nginx.ingress.kubernetes.io'

/**
 * The server blocks that nginx is configured with. Models ingress-nginx internal/ingress/controller/controller.go
 * (getBackendServers, createServers): the older Ingress wins where two name the same path.
 */
export function serversOf(ingresses: readonly Ingress[]): readonly Server[] {
  const oldestFirst = [...ingresses].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  const hosts = new Map<string, Map<string, Location>>([[catchAll, new Map()]])
  const withTls = new Set<string>()
  const fallbacks = new Map<string, Location>()
  for (const ingress of oldestFirst) {
    const rules = ingress.spec.rules ?? []
    for (const tls of ingress.spec.tls ?? []) {
      for (const host of tls.hosts ?? rules.map(rule => rule.host ?? catchAll)) withTls.add(host)
    }
    const fallback = ingress.spec.defaultBackend
    if (fallback && rules.length === 0) addFallback(fallbacks, catchAll, ingress, fallback)
    for (const { host = catchAll, http } of rules) {
      const name = host === '' ? catchAll : host
      let locations = hosts.get(name)
      if (!locations) hosts.set(name, (locations = new Map()))
      if (fallback) addFallback(fallbacks, name, ingress, fallback)
      for (const { path, pathType, backend } of http?.paths ?? []) {
        if (!backend.service) continue
        const location = locationOf(ingress, path ?? '/', pathType, backend)
        const key = `${location.path} ${pathType}`
        if (!locations.has(key)) locations.set(key, location)
      }
    }
  }
  return [...hosts].map(([host, locations]) => ({
    host,
    locations: sorted(withRoot([...locations.values()], fallbacks.get(host))),
    hasTls: withTls.has(host),
  }))
}

function addFallback(fallbacks: Map<string, Location>, host: string, ingress: Ingress, backend: IngressBackend): void {
  if (!fallbacks.has(host)) fallbacks.set(host, locationOf(ingress, '/', 'Prefix', backend))
}

/** Every server has a location for the root: what no Ingress claims is answered by the default backend. */
function withRoot(locations: readonly Location[], fallback: Location | undefined): readonly Location[] {
  if (locations.some(({ path }) => path === '/')) return locations
  return [...locations, fallback ?? notFoundLocation]
}

const notFoundLocation: Location = {
  path: '/',
  pathType: 'Prefix',
  upstream: undefined,
  ingress: '',
  rewriteTarget: undefined,
  useRegex: false,
  sslRedirect: false,
  forceSslRedirect: false,
}

/** Longest paths first, as the template writes them: the first expression that fits is taken. */
function sorted(locations: readonly Location[]): readonly Location[] {
  const descending = [...locations].sort((a, b) => (a.path === b.path ? 0 : a.path > b.path ? -1 : 1))
  return descending.sort((a, b) => b.path.length - a.path.length)
}

function locationOf(
  { metadata }: Ingress,
  path: string,
  pathType: Location['pathType'],
  { service }: IngressBackend,
): Location {
  const namespace = metadata.namespace ?? ''
  const port = service?.port.number ?? service?.port.name ?? 0
  const annotation = (name: string): string | undefined => metadata.annotations?.[`${prefix}/${name}`]
  return {
    path: path === '' ? '/' : path,
    pathType,
    upstream: service && { name: `${namespace}-${service.name}-${port}`, namespace, service: service.name, port },
    ingress: `${namespace}/${metadata.name}`,
    rewriteTarget: annotation('rewrite-target') || undefined,
    useRegex: annotation('use-regex') === 'true',
    sslRedirect: annotation('ssl-redirect') !== 'false',
    forceSslRedirect: annotation('force-ssl-redirect') === 'true',
  }
}

function orderOf({ metadata }: Ingress): string {
  return `${metadata.creationTimestamp} ${metadata.namespace ?? ''}/${metadata.name}`
}
