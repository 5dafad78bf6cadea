import { catchAll, type Location, type Server } from './servers.ts'

/**
 * The server block of a request's Host: the exact name, then a wildcard, which stands for one label (template.go,
 * buildServerName), then the one for all.
 */
export function serverFor(servers: readonly Server[], hostHeader: string): Server | undefined {
  const host = hostHeader.replace(/:\d+$/, '').toLowerCase()
  const dot = host.indexOf('.')
  const wildcard = dot > 0 && /^[\w-]+$/.test(host.slice(0, dot)) ? `*${host.slice(dot)}` : undefined
  const named = (name: string | undefined): Server | undefined => servers.find(server => server.host === name)
  return named(host) ?? named(wildcard) ?? named(catchAll)
}

/**
 * The location of a path, as nginx chooses among the blocks that the controller's template writes
 * (template.go, buildLocation; location.go, updateServerLocations). One Ingress of a host that rewrites or asks for
 * regular expressions turns all paths of that host into expressions, Exact ones included.
 */
export function locationFor({ locations }: Server, path: string): Location | undefined {
  if (locations.some(location => needsRewrite(location) || location.useRegex)) {
    return locations.find(location => expressionOf(location.path, '^')?.test(path))
  }
  const exact = locations.find(location => location.pathType === 'Exact' && location.path === path)
  if (exact) return exact
  let best: Location | undefined
  for (const location of locations) {
    if (isPrefixOf(location, path) && location.path.length > (best?.path.length ?? -1)) best = location
  }
  return best
}

/** Prefix goes by elements of the path; ImplementationSpecific is nginx' own prefix, letter by letter. */
function isPrefixOf({ path: prefix, pathType }: Location, path: string): boolean {
  if (prefix === '/') return true
  if (pathType === 'Exact') return false
  if (pathType === 'ImplementationSpecific') return path.startsWith(prefix)
  const directory = prefix.endsWith('/') ? prefix : `${prefix}/`
  return path === prefix || path.startsWith(directory)
}

function needsRewrite({ rewriteTarget, path }: Location): boolean {
  return rewriteTarget !== undefined && rewriteTarget !== path
}

/** The path and query that the upstream gets: `rewrite "(?i)path" target break`. */
export function rewritten(location: Location, path: string, query: string): string {
  const { rewriteTarget, path: pattern } = location
  const match =
    rewriteTarget === undefined || !needsRewrite(location) ? null : (expressionOf(pattern, '')?.exec(path) ?? null)
  if (!match || rewriteTarget === undefined) return `${path}${query}`
  const target = rewriteTarget.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')
  // A target with a question mark at its end drops the query, one with its own puts the query behind it.
  if (target.endsWith('?')) return target.slice(0, -1)
  if (query === '') return target
  return target.includes('?') ? `${target}&${query.slice(1)}` : `${target}${query}`
}

const expressions = new Map<string, RegExp | undefined>()

/** A path as a regular expression that does not look at capitals. One that is wrong fits nothing: nginx would not load it. */
function expressionOf(path: string, start: '^' | ''): RegExp | undefined {
  const source = start + path
  if (expressions.has(source)) return expressions.get(source)
  let expression: RegExp | undefined
  try {
    expression = new RegExp(source, 'i')
  } catch {
    expression = undefined
  }
  expressions.set(source, expression)
  return expression
}
