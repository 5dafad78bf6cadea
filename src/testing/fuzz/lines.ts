// The parts of a request around its body: paths, queries and headers that may say anything.
import type { HttpRequest } from '../golden-api-replay.ts'
import type { Chance } from './chance.ts'
import { asUnicode, oddText } from './oddities.ts'

const json = 'application/json'

export const patchTypes = [
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
] as const

export const subresources = [
  '/status',
  '/scale',
  '/approval',
  '/resize',
  '/ephemeralcontainers',
  '/finalize',
  '/binding',
  '/eviction',
  '/token',
  '/log',
  '/exec',
  '/proxy/x',
  '/nothing',
] as const

export const readPaths = [
  '/api',
  '/apis',
  '/api/v1',
  '/apis/apps',
  '/apis/apps/v1',
  '/apis/nothing',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/apis/apps/v1',
  '/version',
  '/healthz',
  '/livez/ping',
  '/readyz?verbose',
  '/metrics',
  '/',
  '',
  '//',
  '/api/v1/watch/pods',
  '/apis/__proto__/v1/x',
  '/api/constructor/pods',
  '/api/v1/__proto__',
  '/api/v1/namespaces//pods',
  '/logs/',
  '/%',
  '/api/v1/namespaces/%00/pods',
  '/.well-known/openid-configuration',
] as const

export const contentTypes = [
  json,
  json,
  json,
  'application/yaml',
  'application/yaml',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  '',
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/cbor',
  'application/vnd.kubernetes.protobuf',
  ';;;',
  '__proto__',
  ...patchTypes,
] as const

export const accepts = [
  json,
  json,
  'application/yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf,application/json',
  'text/html',
  '*/*',
  ';',
  'application/json;as=__proto__;v=;g=',
] as const

export function headers(chance: Chance, contentType: string): Record<string, string> {
  const sent: Record<string, string> = { Accept: chance.is(0.7) ? json : chance.one(accepts), 'User-Agent': 'fuzz' }
  if (contentType !== '' || chance.is(0.5)) sent['Content-Type'] = contentType
  if (chance.is(0.02))
    sent['Authorization'] = chance.one([
      'Bearer x',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
      'Basic eDp5',
      'Bearer a.b.c',
      'Bearer  ',
      'x',
    ])
  if (chance.is(0.02))
    sent['Impersonate-User'] = chance.one([
      'jane',
      '',
      'system:node:w1',
      'system:serviceaccount:default:default',
      '__proto__',
    ])
  if (chance.is(0.02)) sent['Impersonate-Group'] = chance.one(['dev', '', 'system:masters', 'system:nodes'])
  if (chance.is(0.01)) sent[`Impersonate-Extra-${chance.one(['__proto__', 'scopes', '%zz', 'constructor'])}`] = 'x'
  return sent
}

const parameters = [
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'watch',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'includeObject',
  'tailLines',
  'container',
  'follow',
  '__proto__',
  'x',
] as const

const parameterValues = [
  '',
  'true',
  'false',
  '1',
  '0',
  '-1',
  '2',
  'All',
  'Strict',
  'Warn',
  'Ignore',
  'Exact',
  'NotOlderThan',
  'Foreground',
  'Orphan',
  'Object',
  'None',
  'app=web',
  'app in (a,b),!x',
  'app notin (',
  'a>b',
  'a>1,a<3',
  '!',
  ',',
  '=',
  'metadata.name=web',
  'metadata.name!=web,metadata.namespace=default',
  'spec.nodeName=',
  'status.phase=Running',
  'no.such=field',
  'metadata.name=a=b',
  'metadata.name\\=x',
  'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0',
  'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiLi4vLi4ifQ',
  'e30',
  '9223372036854775807',
  '99999999999999999999',
  'x'.repeat(200),
  '%00',
  '%',
  '%ED%A0%80',
  '__proto__',
  '한글',
] as const

export function query(chance: Chance, often = 0.15): string {
  if (!chance.is(often)) return ''
  const pairs = Array.from({ length: 1 + chance.below(3) }, () => {
    const value = chance.is(0.9) ? chance.one(parameterValues) : asUnicode(oddText(chance).slice(0, 300))
    return `${chance.one(parameters)}=${chance.is(0.7) ? encodeURIComponent(value) : value}`
  })
  return `?${pairs.join('&')}`
}

/** The line of the request is not what it should be. */
export function spoilLine(chance: Chance, request: HttpRequest): HttpRequest {
  const { method, path } = request
  const parts = path.split('/')
  const how = chance.weighted({ part: 5, drop: 2, add: 2, method: 2, host: 1 })
  switch (how) {
    case 'part':
      parts[chance.below(parts.length)] = encodeOnce(chance, oddText(chance).slice(0, 300))
      return { ...request, path: parts.join('/') }
    case 'drop':
      parts.splice(chance.below(parts.length), 1)
      return { ...request, path: parts.join('/') }
    case 'add':
      parts.splice(chance.below(parts.length), 0, chance.one(['watch', 'namespaces', 'status', 'proxy', 'x']))
      return { ...request, path: parts.join('/') }
    case 'method':
      return {
        ...request,
        method: chance.one(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', method.toLowerCase()]),
      }
    case 'host':
      return {
        ...request,
        path: path.replace('/default/', `/${chance.one(['kube-system', 'nowhere', 'Bad_Name', '..'])}/`),
      }
  }
}

function encodeOnce(chance: Chance, text: string): string {
  return chance.is(0.8) ? encodeURIComponent(asUnicode(text)) : text
}
