/**
 * An image's name as Docker reads it (distribution/reference): `nginx` is docker.io/library/nginx:latest. The runtime
 * knows images by `name`, which is complete.
 */
export interface ImageReference {
  /** `docker.io/library/nginx`. */
  readonly repository: string
  /** Absent when a digest alone says which image it is. */
  readonly tag?: string
  readonly digest?: string
  /** `docker.io/library/nginx:1.14` or `…@sha256:…`. */
  readonly name: string
}

export type ParsedReference =
  { readonly ok: true; readonly reference: ImageReference } | { readonly ok: false; readonly error: string }

const component = '[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*'
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`)
const domainPattern =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?$/
const tagPattern = /^[\w][\w.-]{0,127}$/
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const identifierPattern = /^[a-f0-9]{64}$/
const invalidFormat = 'invalid reference format'
/** NameTotalLengthMax of distribution/reference. */
const maxNameLength = 255

/** Names that were read lately: a cluster has few, and asks for each again and again. */
const known = new Map<string, ParsedReference>()
const mostKnown = 1_000

/** Reads an image's name, with the words of distribution/reference when it is none. */
export function parseReference(text: string): ParsedReference {
  let parsed = known.get(text)
  if (parsed) return parsed
  parsed = Object.freeze(parse(text))
  if (known.size >= mostKnown) known.clear()
  known.set(text, parsed)
  return parsed
}

function parse(text: string): ParsedReference {
  if (identifierPattern.test(text)) {
    return refused(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`)
  }
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const beforeDigest = at < 0 ? text : text.slice(0, at)
  const { domain, rest } = splitDomain(beforeDigest)
  const colon = rest.lastIndexOf(':')
  const path = colon < 0 ? rest : rest.slice(0, colon)
  const tag = colon < 0 ? undefined : rest.slice(colon + 1)
  if (path.toLowerCase() !== path) {
    return refused(`${invalidFormat}: repository name (${path}) must be lowercase`)
  }
  const isFormed =
    domainPattern.test(domain) &&
    repositoryPattern.test(path) &&
    (tag === undefined || tagPattern.test(tag)) &&
    (digest === undefined || digestPattern.test(digest))
  if (!isFormed) return refused(invalidFormat)
  const repository = `${domain}/${path}`
  if (repository.length > maxNameLength) return refused('repository name must not be more than 255 characters')
  return {
    ok: true,
    reference: Object.freeze(referenceTo(repository, tag ?? (digest === undefined ? 'latest' : undefined), digest)),
  }
}

function referenceTo(repository: string, tag: string | undefined, digest: string | undefined): ImageReference {
  const name = digest === undefined ? `${repository}:${tag ?? 'latest'}` : `${repository}@${digest}`
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }), name }
}

/** The first part of a name is a registry if it looks like a host; other names belong to Docker Hub. */
function splitDomain(name: string): { domain: string; rest: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isHost = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first
  if (slash < 0 || !isHost) return withLibrary('docker.io', name)
  const domain = first === 'index.docker.io' ? 'docker.io' : first
  return withLibrary(domain, name.slice(slash + 1))
}

function withLibrary(domain: string, path: string): { domain: string; rest: string } {
  return { domain, rest: domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path }
}

function refused(error: string): ParsedReference {
  return { ok: false, error }
}
