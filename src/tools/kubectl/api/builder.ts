import { quote } from '../../../machinery/go-text.ts'
import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { attemptUsage, type Failure, PlainError, UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { at, nameOf, namespaceOf, objectsAt, textAt, withAt } from '../unstructured.ts'
import { allChunks, type Options, pathOf, type RestClient } from './client.ts'
import { groupVersionOf, type Resource } from './discovery.ts'
import { buildKustomization } from '../kustomize/build.ts'
import { type Manifest, readManifests } from './manifests.ts'
import type { Mapper } from './mapper.ts'

/** One thing that a command line names. */
export interface Info {
  readonly resource: Resource
  /** '' for resources of the cluster. */
  readonly namespace: string
  readonly name: string
  /** The live object, or the list or Table that was asked for, or the object of the file. */
  readonly object?: JsonObject
  /** The file it came from. */
  readonly source?: string
}

/** What a command line says about its subjects: cli-runtime's resource.Builder. */
export interface Selection {
  readonly args: readonly string[]
  readonly namespace: string
  readonly enforceNamespace: boolean
  readonly allNamespaces?: boolean
  readonly filenames?: readonly string[]
  readonly kustomize?: string
  readonly recursive?: boolean
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** `--all`, or a verb for which a bare type means all of them. */
  readonly all?: boolean
  readonly allowEmptySelector?: boolean
  /** Expands `all` and other categories. */
  readonly categories?: boolean
  readonly subresource?: string
  /** Complain of a manifest without apiVersion and kind as validation does. */
  readonly validate?: boolean
}

/** What the words of a command line mean, before anything is read from the server. */
export type Subjects =
  | { readonly sort: 'files'; readonly manifests: readonly Manifest[] }
  | { readonly sort: 'names'; readonly infos: readonly Info[] }
  | { readonly sort: 'lists'; readonly resources: readonly Resource[] }
  | { readonly sort: 'none' }

/** Whether a command line named one single thing. */
export function isSingle(subjects: Subjects): boolean {
  if (subjects.sort === 'files') return subjects.manifests.length === 1
  return subjects.sort === 'names' && subjects.infos.length === 1
}

/** The objects of a kustomization. What is wrong with it is one of a builder's errors, which are printed as they are. */
function kustomized(host: Host, folder: string): readonly JsonObject[] {
  let objects: readonly JsonObject[] = []
  const failure = attemptUsage(() => void (objects = buildKustomization({ host, warn: () => undefined }, folder)))
  if (failure) throw new PlainError(failure.message)
  return objects
}

export function subjectsOf(host: Host, mapper: () => Mapper, selection: Selection): Subjects {
  const { args, filenames = [], kustomize = '', recursive = false, labelSelector = '', fieldSelector = '' } = selection
  if (filenames.length > 0 && kustomize !== '') throw new UsageError('only one of -f or -k can be specified')
  if (filenames.length > 0 || kustomize !== '') {
    if (args.length > 0) {
      const what = args.some(arg => arg.includes('/'))
        ? 'resource/name arguments cannot be provided when a path is specified'
        : ''
      const words = 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well'
      throw new UsageError(what === '' ? words : what)
    }
    const validate = selection.validate ?? true
    const manifests =
      kustomize === ''
        ? readManifests(host, filenames, recursive, validate)
        : kustomized(host, kustomize).map(object => ({ source: kustomize, object }))
    return { sort: 'files', manifests }
  }
  const words = splitArguments(args)
  if (words.sort === 'none') return words
  const hasSelector = labelSelector !== '' || fieldSelector !== '' || selection.all === true
  if (words.sort === 'pairs') {
    if (hasSelector) {
      throw new UsageError('selectors and the all flag cannot be used when passing resource/name arguments')
    }
    return { sort: 'names', infos: words.pairs.map(([type, name]) => infoOf(mapper().find(type), name, selection)) }
  }
  if (words.names.length > 0) {
    if (hasSelector) throw new UsageError('name cannot be provided when a selector is specified')
    return namedSubjects(mapper(), words.types, words.names, selection)
  }
  if (!hasSelector && !selection.allowEmptySelector) {
    for (const type of words.types) if (mapper().inCategory(type).length === 0) mapper().find(type)
    throw new UsageError('resource(s) were provided, but no name was specified')
  }
  return { sort: 'lists', resources: resourcesFor(mapper(), words.types, selection) }
}

function namedSubjects(
  mapper: Mapper,
  types: readonly string[],
  names: readonly string[],
  selection: Selection,
): Subjects {
  const [type = '', another] = types
  if (another !== undefined) throw new UsageError('you must specify only one resource')
  const resource = mapper.find(type)
  return { sort: 'names', infos: names.map(name => infoOf(resource, name, selection)) }
}

function resourcesFor(mapper: Mapper, types: readonly string[], { subresource = '' }: Selection): Resource[] {
  if (subresource !== '') throw new UsageError('subresource cannot be used when bulk resources are specified')
  const found = types.flatMap(type => {
    const inCategory = mapper.inCategory(type)
    return inCategory.length > 0 ? inCategory : [mapper.find(type)]
  })
  return found.filter((resource, index) => found.indexOf(resource) === index)
}

function infoOf(resource: Resource, name: string, { namespace, allNamespaces = false }: Selection): Info {
  if (resource.namespaced && allNamespaces) {
    throw new UsageError('a resource cannot be retrieved by name across all namespaces')
  }
  return { resource, name, namespace: resource.namespaced ? namespace : '' }
}

type Words =
  | { readonly sort: 'none' }
  | { readonly sort: 'pairs'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly sort: 'types'; readonly types: readonly string[]; readonly names: readonly string[] }

/** TYPE/NAME …, or TYPE[,TYPE…] [NAME…]. */
function splitArguments(args: readonly string[]): Words {
  const [first = '', ...names] = args
  if (args.length === 0) return { sort: 'none' }
  const slashed = args.filter(arg => arg.includes('/'))
  if (slashed.length === 0 && names.length > 0 && first.includes(',')) {
    return { sort: 'pairs', pairs: first.split(',').flatMap(type => names.map(name => pairOf(`${type}/${name}`))) }
  }
  if (slashed.length === 0) return { sort: 'types', types: first.split(',').filter(type => type !== ''), names }
  if (slashed.length < args.length) {
    throw new UsageError(
      'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form ' +
        "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    )
  }
  return { sort: 'pairs', pairs: args.map(pairOf) }
}

function pairOf(argument: string): readonly [string, string] {
  const [type = '', name = '', more] = argument.split('/')
  if (more !== undefined) {
    throw new UsageError('arguments in resource/name form may not have more than one slash')
  }
  if (type === '' || name === '' || type.includes(',')) {
    throw new UsageError('arguments in resource/name form must have a single resource and name')
  }
  return [type, name]
}

/** The object of a file with its resource; the namespace is filled in and checked. */
export function manifestInfo(mapper: Mapper, { source, object }: Manifest, selection: Selection): Info {
  checkTexts(source, object)
  const resource = mapper.ofKind(textAt(object, 'apiVersion'), textAt(object, 'kind'))
  const [name, given] = [nameOf(object), namespaceOf(object)]
  if (!resource) {
    const what = `resource mapping not found for name: ${quote(name)} namespace: ${quote(given)} from ${quote(source)}`
    const why = `no matches for kind ${quote(textAt(object, 'kind'))} in version ${quote(textAt(object, 'apiVersion'))}`
    throw new UsageError(`${what}: ${why}\nensure CRDs are installed first`)
  }
  if (!resource.namespaced) {
    return { resource, name, namespace: '', source, object: withAt(object, ['metadata', 'namespace'], undefined) }
  }
  const { namespace, enforceNamespace } = selection
  if (given !== '' && enforceNamespace && given !== namespace) {
    const advice = `You must pass '--namespace=${given}' to perform this operation.`
    throw new UsageError(
      `the namespace from the provided object ${quote(given)} does not match the namespace ${quote(namespace)}. ${advice}`,
    )
  }
  const place = given === '' ? namespace : given
  return { resource, name, namespace: place, source, object: withAt(object, ['metadata', 'namespace'], place) }
}

/** `name: no` and `version: 1.0` are no texts: YAML takes them for false and a number, and the decoder wants strings. */
function checkTexts(source: string, object: JsonObject): void {
  const refuse = (field: string, value: unknown): void => {
    if (value === undefined || value === null || typeof value === 'string') return
    const type = typeof value === 'boolean' ? 'bool' : isList(value) ? 'array' : typeof value
    const words = `json: cannot unmarshal ${type} into Go struct field ObjectMeta.metadata.${field} of type string`
    throw new UsageError(`unable to decode ${quote(source)}: ${words}`)
  }
  refuse('name', at(object, 'metadata', 'name'))
  for (const field of ['labels', 'annotations']) {
    const texts = at(object, 'metadata', field)
    if (isObject(texts)) for (const value of Object.values(texts)) refuse(field, value)
  }
}

/** Infos of a selection with their live objects, and what went wrong on the way (ContinueOnError). */
export interface Visited {
  readonly infos: readonly Info[]
  readonly failures: readonly Failure[]
}

/** Runs an action for each and gathers failures of the API server and of the keyboard. */
export function gather<T, R>(
  values: readonly T[],
  action: (value: T) => R,
): { readonly results: R[]; readonly failures: Failure[] } {
  const results: R[] = []
  const failures: Failure[] = []
  for (const value of values) {
    const failure = attempt(() => {
      const usage = attemptUsage(() => void results.push(action(value)))
      if (usage) failures.push(usage)
    })
    if (failure) failures.push(failure)
  }
  return { results, failures }
}

/** Reads what a selection names from the server: each object by its name, each list taken apart. */
export function visit(client: RestClient, mapper: () => Mapper, subjects: Subjects, selection: Selection): Visited {
  const { namespace, allNamespaces = false, labelSelector = '', fieldSelector = '', subresource } = selection
  if (subjects.sort === 'none') return { infos: [], failures: [] }
  if (subjects.sort === 'lists') {
    const { results, failures } = gather(subjects.resources, resource => {
      const place = allNamespaces || !resource.namespaced ? undefined : namespace
      const list = listOf(client, resource, place, { query: { labelSelector, fieldSelector, limit: 500 } })
      return objectsAt(list, 'items').map(item => infoOfItem(resource, item))
    })
    return { infos: results.flat(), failures }
  }
  const named =
    subjects.sort === 'names'
      ? { results: [...subjects.infos], failures: [] }
      : gather(subjects.manifests, manifest => manifestInfo(mapper(), manifest, selection))
  const { results, failures } = gather(named.results, info => fetchInfo(client, info, {}, subresource))
  return { infos: results, failures: [...named.failures, ...failures] }
}

/** A list of a resource, or Table of it; a refusal says what was looked for. */
export function listOf(
  client: RestClient,
  resource: Resource,
  namespace: string | undefined,
  options: Options,
): JsonObject {
  try {
    return allChunks(client, pathOf(resource, namespace), options)
  } catch (error) {
    if (!(error instanceof ApiError) || (error.reason !== 'BadRequest' && error.reason !== 'NotFound')) throw error
    const { labelSelector = '', fieldSelector = '' } = options.query ?? {}
    const what = quote(`${resource.group}/${resource.version}, Resource=${resource.plural}`)
    const selectors = `label selector ${quote(String(labelSelector))}, field selector ${quote(String(fieldSelector))}`
    const isAll = labelSelector === '' && fieldSelector === ''
    const words = isAll ? `Unable to list ${what}` : `Unable to find ${what} that match ${selectors}`
    throw new ApiError(error.reason, `${words}: ${error.message}`, error.details, error.code)
  }
}

/** An item of a list as an object of its own: it says what it is. */
export function infoOfItem(resource: Resource, item: JsonObject): Info {
  const { group, version, kind } = resource
  const object = { apiVersion: groupVersionOf(group, version), kind, ...item }
  return { resource, name: nameOf(item), namespace: namespaceOf(item), object }
}

export function fetchInfo(client: RestClient, info: Info, options: Options = {}, subresource?: string): Info {
  return { ...info, object: client.get(pathOf(info.resource, info.namespace, info.name, subresource), options) }
}

/** The path of what an info stands for. */
export function infoPath({ resource, namespace, name }: Info, subresource?: string): string {
  return pathOf(resource, namespace, name, subresource)
}
