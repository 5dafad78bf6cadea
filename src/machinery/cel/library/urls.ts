import { quote } from '../../go-text.ts'
import type { Parsed } from '../../parsed.ts'
import { traversalCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member } from '../functions.ts'
import { boolType, listOf, mapOf, stringType, struct } from '../cel-type.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import { list, mapFrom, Opaque, type Result } from '../values.ts'

/** The parts of an address that programs ask for: Go's url.URL. */
export interface Url {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
}

type UrlValue = Opaque<Url>

const urlType = struct('kubernetes.URL')

/** url.ParseRequestURI: an absolute address or an absolute path. */
export function parseUrl(text: string): Parsed<Url> {
  const wrong = (why: string): Parsed<Url> => ({ error: `parse ${quote(text)}: ${why}` })
  if (text === '') return wrong('empty url')
  if (/[\x00-\x20\x7f]/.test(text)) return wrong('net/url: invalid control character in URL')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? ''
  if (text.startsWith(':')) return wrong('missing protocol scheme')
  const rest = scheme === '' ? text : text.slice(scheme.length + 1)
  if (!rest.startsWith('/')) return wrong('invalid URI for request')
  const [beforeFragment = ''] = rest.split('#')
  const question = beforeFragment.indexOf('?')
  const before = question < 0 ? beforeFragment : beforeFragment.slice(0, question)
  const query = question < 0 ? '' : beforeFragment.slice(question + 1)
  const match = scheme !== '' || before.startsWith('//') ? /^\/\/([^/]*)(.*)$/.exec(before) : null
  const authority = match?.[1] ?? ''
  const path = match ? (match[2] ?? '') : before
  const bad = /%(?![0-9a-fA-F]{2})/.exec(path)
  if (bad) return wrong(`invalid URL escape ${quote(path.slice(bad.index, bad.index + 3))}`)
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const port = /:([^\]:]*)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1]
  if (port !== undefined && !/^\d*$/.test(port)) return wrong(`invalid port ${quote(`:${port}`)} after host`)
  return { value: { scheme: scheme.toLowerCase(), host, path, query } }
}

function url(text: string): Result {
  const { value, error } = parseUrl(text)
  if (value === undefined) return fail(`URL parse error during conversion from string: ${error}`)
  return new Opaque(urlType, value, text)
}

function hostname({ value: { host } }: UrlValue): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)
  return bracketed?.[1] ?? host.replace(/:\d*$/, '')
}

function port({ value: { host } }: UrlValue): string {
  return /:(\d*)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1] ?? ''
}

function escapedPath({ value: { path } }: UrlValue): string {
  return encodeURI(path).replace(/%25([0-9a-fA-F]{2})/g, '%$1')
}

function query({ value }: UrlValue): Result {
  const found = new Map<string, string[]>()
  const plain = (part: string): string => decode(part.replaceAll('+', ' '))
  for (const pair of value.query.split('&').filter(part => part !== '')) {
    const equals = pair.indexOf('=')
    const name = plain(equals < 0 ? pair : pair.slice(0, equals))
    found.set(name, [...(found.get(name) ?? []), equals < 0 ? '' : plain(pair.slice(equals + 1))])
  }
  return mapFrom([...found].map(([name, values]) => [name, list(values)] as const))
}

function decode(text: string): string {
  const bytes: number[] = []
  const source = encodeUtf8(text)
  for (let i = 0; i < source.length; i++) {
    const digits = String.fromCharCode(source[i + 1] ?? 0, source[i + 2] ?? 0)
    const isEscape = source[i] === 0x25 && /^[0-9a-fA-F]{2}$/.test(digits)
    bytes.push(isEscape ? Number.parseInt(digits, 16) : (source[i] ?? 0))
    if (isEscape) i += 2
  }
  return decodeUtf8(Uint8Array.from(bytes)) ?? ''
}

function part(name: string, read: (value: UrlValue) => string): FunctionDeclaration {
  return define(name, member([urlType], stringType, read))
}

/** apiserver/pkg/cel/library/urls.go. */
export const urls: readonly FunctionDeclaration[] = [
  define('url', global([stringType], urlType, url, traversalCost)),
  define(
    'isURL',
    global([stringType], boolType, (text: string) => parseUrl(text).error === undefined),
  ),
  part('getScheme', ({ value }) => value.scheme),
  part('getHost', ({ value }) => value.host),
  part('getHostname', hostname),
  part('getPort', port),
  part('getEscapedPath', escapedPath),
  define('getQuery', member([urlType], mapOf(stringType, listOf(stringType)), query)),
]
