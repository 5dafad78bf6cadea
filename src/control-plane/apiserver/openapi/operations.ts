import type { GroupVersionKind } from '../../../machinery/schema.ts'
import { type Sub, subresourcesOf, verbsOf } from '../http/discovery.ts'
import type { Resource } from '../resources.ts'
import * as parameters from './parameters.ts'
import type { Parameter } from './parameters.ts'

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'

/** What can be done at a path, before it is written in one of the two forms of OpenAPI. */
export interface Operation {
  readonly method: Method
  /** `listCoreV1NamespacedPod`: names of methods in generated clients. */
  readonly id: string
  /** `x-kubernetes-action`. */
  readonly action?: string
  readonly description: string
  readonly gvk?: GroupVersionKind
  readonly parameters: readonly Parameter[]
  /** What is sent: the kind or the type, and the media types in which it may come. */
  readonly body?: {
    readonly of: GroupVersionKind | string
    readonly types?: readonly string[]
    readonly optional?: true
  }
  /** What comes back; a type by its name, a kind, or plain text. */
  readonly answer: GroupVersionKind | string
  readonly codes: readonly number[]
}

export interface PathItem {
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly operations: readonly Operation[]
}

/** The answer of what is no JSON. */
export const text = 'text'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const status = `${meta}.Status`
const deleteOptions = `${meta}.DeleteOptions`
const strategic = 'application/strategic-merge-patch+json'
const patchTypes = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']

/** `RbacAuthorization` of rbac.authorization.k8s.io: the group in the names of operations. */
export function groupName(group: string): string {
  const words = group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split('.')
  return words.map(capital).join('')
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Where a group's version is served. */
export function rootOf(group: string, version: string): string {
  return group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`
}

/** Every path of a group's version with its operations: endpoints/installer.go. */
export function pathsOf(group: string, version: string, resources: readonly Resource[]): PathItem[] {
  const prefix = groupName(group) + capital(version)
  const path = rootOf(group, version)
  const discovery: Operation = {
    method: 'get',
    id: `get${prefix}APIResources`,
    description: 'get available resources',
    parameters: [],
    answer: `${meta}.APIResourceList`,
    codes: [200],
  }
  const own = resources.flatMap(resource => resourcePaths({ path, prefix, resource }))
  return [{ path, parameters: [], operations: [discovery] }, ...own]
}

interface Place {
  readonly path: string
  readonly prefix: string
  readonly resource: Resource
}

function resourcePaths(place: Place): PathItem[] {
  const { path, prefix, resource } = place
  const { kind } = resource
  const verbs = new Set(verbsOf(resource))
  const at = kind.namespaced ? `${path}namespaces/{namespace}/${kind.plural}` : path + kind.plural
  const scope = kind.namespaced ? [parameters.namespace] : []
  const word = (kind.namespaced ? 'Namespaced' : '') + kind.kind
  const named = [parameters.nameOf(kind.kind), ...scope]
  const items: PathItem[] = [
    { path: at, parameters: [...scope, parameters.pretty], operations: ofCollection(kind, prefix, word, verbs) },
    {
      path: `${at}/{name}`,
      parameters: [...named, parameters.pretty],
      operations: ofObject(kind, prefix, word, verbs, ''),
    },
    ...subresourcesOf(resource).flatMap(sub => subresourcePaths(place, `${at}/{name}/${sub.name}`, named, word, sub)),
  ]
  if (kind.namespaced && verbs.has('list')) {
    const id = `list${prefix}${kind.kind}ForAllNamespaces`
    items.push({ path: path + kind.plural, parameters: [parameters.pretty], operations: [listOf(kind, id)] })
  }
  return [...items.filter(({ operations }) => operations.length > 0), ...watchPaths(place, at, scope, word, verbs)]
}

type KindOf = Resource['kind']

function gvkOf({ group, version, kind }: KindOf): GroupVersionKind {
  return { group, version, kind }
}

function listOf(kind: KindOf, id: string): Operation {
  const gvk = gvkOf(kind)
  return {
    method: 'get',
    id,
    action: 'list',
    gvk,
    description: `list or watch objects of kind ${kind.kind}`,
    parameters: parameters.listing,
    answer: { ...gvk, kind: kind.listKind },
    codes: [200],
  }
}

function ofCollection(kind: KindOf, prefix: string, word: string, verbs: ReadonlySet<string>): Operation[] {
  const gvk = gvkOf(kind)
  const operations: Operation[] = []
  if (verbs.has('list')) operations.push(listOf(kind, `list${prefix}${word}`))
  if (verbs.has('create')) {
    operations.push({
      method: 'post',
      id: `create${prefix}${word}`,
      action: 'post',
      gvk,
      description: `create ${article(kind.kind)}`,
      parameters: parameters.creating,
      body: { of: gvk },
      answer: gvk,
      codes: [200, 201, 202],
    })
  }
  if (verbs.has('deletecollection')) {
    operations.push({
      method: 'delete',
      id: `delete${prefix}Collection${word}`,
      action: 'deletecollection',
      gvk,
      description: `delete collection of ${kind.kind}`,
      parameters: parameters.deletingCollection,
      body: { of: deleteOptions, optional: true },
      answer: status,
      codes: [200],
    })
  }
  return operations
}

function ofObject(
  kind: KindOf,
  prefix: string,
  word: string,
  verbs: ReadonlySet<string>,
  part: string,
  gvk: GroupVersionKind = gvkOf(kind),
): Operation[] {
  const what = part === '' ? `the specified ${kind.kind}` : `${part.toLowerCase()} of the specified ${kind.kind}`
  const name = prefix + word + part
  const operations: Operation[] = []
  const shared = { gvk, answer: gvk }
  if (verbs.has('get')) {
    operations.push({
      ...shared,
      method: 'get',
      id: `read${name}`,
      action: 'get',
      description: `read ${what}`,
      parameters: [],
      codes: [200],
    })
  }
  if (verbs.has('update')) {
    operations.push({
      ...shared,
      method: 'put',
      id: `replace${name}`,
      action: 'put',
      description: `replace ${what}`,
      codes: [200, 201],
      parameters: parameters.creating,
      body: { of: gvk },
    })
  }
  if (verbs.has('patch')) {
    const types = kind.structural ? patchTypes : [...patchTypes, strategic]
    operations.push({
      ...shared,
      method: 'patch',
      id: `patch${name}`,
      action: 'patch',
      description: `partially update ${what}`,
      parameters: parameters.patching,
      body: { of: `${meta}.Patch`, types },
      codes: [200, 201],
    })
  }
  if (verbs.has('delete')) {
    operations.push({
      method: 'delete',
      id: `delete${name}`,
      action: 'delete',
      description: `delete ${article(kind.kind)}`,
      gvk,
      parameters: parameters.deleting,
      body: { of: deleteOptions, optional: true },
      answer: status,
      codes: [200, 202],
    })
  }
  return operations
}

const connected = new Set(['proxy', 'exec', 'attach', 'portforward'])
const methods: Readonly<Record<string, Method>> = {
  get: 'get',
  create: 'post',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
}

function subresourcePaths(
  { prefix, resource }: Place,
  path: string,
  named: readonly Parameter[],
  word: string,
  sub: Sub,
): PathItem[] {
  const { kind } = resource
  const { group = kind.group, version = kind.version } = sub
  const gvk: GroupVersionKind = { group, version, kind: sub.kind }
  const own = parameters.ofSubresource[`${resource.name}/${sub.name}`] ?? []
  const verbs = new Set(sub.verbs)
  if (connected.has(sub.name)) return connections(prefix, gvk, path, named, word, sub, own)
  const part = capital(sub.name)
  if (sub.name === 'log') {
    const id = `read${prefix}${word}Log`
    const read = { method: 'get', id, action: 'get', description: `read log of the specified ${kind.kind}` } as const
    const operation: Operation = { ...read, gvk, parameters: own, answer: text, codes: [200] }
    return [{ path, parameters: [...named, parameters.pretty], operations: [operation] }]
  }
  const operations = ofObject(kind, prefix, word, verbs, part, gvk)
  if (verbs.has('create')) {
    operations.push({
      method: 'post',
      id: `create${prefix}${word}${part}`,
      action: 'post',
      gvk,
      description: `create ${sub.name} of ${article(kind.kind)}`,
      parameters: parameters.creating,
      body: { of: gvk },
      answer: gvk,
      codes: [200, 201, 202],
    })
  }
  return [{ path, parameters: [...named, parameters.pretty], operations }]
}

function connections(
  prefix: string,
  gvk: GroupVersionKind,
  path: string,
  named: readonly Parameter[],
  word: string,
  sub: Sub,
  own: readonly Parameter[],
): PathItem[] {
  const at = (more: string): Operation[] =>
    sub.verbs.flatMap(verb => {
      const method = methods[verb]
      if (!method) return []
      const id = `connect${prefix}${capital(method)}${word}${capital(sub.name)}${more}`
      const description = `connect ${method.toUpperCase()} requests to ${sub.name} of ${word.replace('Namespaced', '')}`
      return [{ method, id, action: 'connect', description, gvk, parameters: [], answer: text, codes: [200] }]
    })
  const items: PathItem[] = [{ path, parameters: [...named, ...own], operations: at('') }]
  if (sub.name !== 'proxy') return items
  const behind = [...named, parameters.restOfPath, ...own]
  return [...items, { path: `${path}/{path}`, parameters: behind, operations: at('WithPath') }]
}

/** The old form of watches: deprecated, but served and told of. */
function watchPaths(
  { path, prefix, resource: { kind } }: Place,
  at: string,
  scope: readonly Parameter[],
  word: string,
  verbs: ReadonlySet<string>,
): PathItem[] {
  if (!verbs.has('watch')) return []
  const watching = (suffix: string, action: string): Operation => ({
    method: 'get',
    id: `watch${prefix}${suffix}`,
    action,
    gvk: gvkOf(kind),
    description: `watch ${kind.kind}: deprecated, use the parameter watch of a list instead.`,
    parameters: [],
    answer: `${meta}.WatchEvent`,
    codes: [200],
  })
  const shared = [parameters.pretty, ...parameters.listing]
  const own = at.replace(path, `${path}watch/`)
  const items: PathItem[] = [
    { path: own, parameters: [...scope, ...shared], operations: [watching(`${word}List`, 'watchlist')] },
    {
      path: `${own}/{name}`,
      parameters: [parameters.nameOf(kind.kind), ...scope, ...shared],
      operations: [watching(word, 'watch')],
    },
  ]
  if (kind.namespaced) {
    const everywhere = watching(`${kind.kind}ListForAllNamespaces`, 'watchlist')
    items.push({ path: `${path}watch/${kind.plural}`, parameters: shared, operations: [everywhere] })
  }
  return items
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
}
