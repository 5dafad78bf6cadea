import { quote } from '../../../machinery/go-text.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { absolute } from '../../../shell/paths.ts'
import { parseYaml } from '../api/manifests.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { items, objectsAt, textAt } from '../unstructured.ts'

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** A kustomization file and the folder that it speaks of. */
export interface Folder {
  /** Absolute, without `..`. */
  readonly root: string
  readonly settings: JsonObject
}

/** The folder of a path that may be relative to another. Throws in the loader's words when it is none. */
export function folderAt(host: Host, base: string, path: string): string {
  const root = absolute(base, path)
  if (host.files.list(root) !== undefined) return root
  if (host.files.read(root) !== undefined) throw new UsageError(`file is not directory`)
  const shown = base === cwdOf(host) && !path.startsWith('/') ? path : root
  const why = `lstat ${root}: no such file or directory`
  throw new UsageError(`must build at directory: not a valid directory: evalsymlink failure on '${shown}' : ${why}`)
}

export function cwdOf(host: Host): string {
  return host.cwd ?? host.env.HOME ?? '/'
}

/** Reads the kustomization of a folder. */
export function loadFolder(host: Host, root: string, warn: (text: string) => void): Folder {
  const found = names.flatMap(name => host.files.read(`${root}/${name}`) ?? [])
  const [text, another] = found
  if (text === undefined) {
    const [first, second, third] = names.map(name => `'${name}'`)
    throw new UsageError(`unable to find one of ${first}, ${second} or ${third} in directory '${root}'`)
  }
  if (another !== undefined) throw new UsageError(`Found multiple kustomization files under: ${root}\n`)
  const parsed = parseYaml(root, text).find(isObject) ?? {}
  const settings = modern(parsed)
  for (const text of deprecations(parsed)) warn(`# Warning: ${text}\n`)
  checkFields(settings)
  if (isEmpty(settings)) throw new UsageError('kustomization.yaml is empty')
  const { kind, apiVersion } = settings
  const isComponent = kind === 'Component'
  if (kind !== undefined && kind !== 'Kustomization' && !isComponent) {
    throw new UsageError(`Failed to read kustomization file under ${root}:\nkind should be Kustomization or Component`)
  }
  const version = isComponent ? 'kustomize.config.k8s.io/v1alpha1' : 'kustomize.config.k8s.io/v1beta1'
  if (apiVersion !== undefined && apiVersion !== version) {
    throw new UsageError(
      `Failed to read kustomization file under ${root}:\napiVersion for ${isComponent ? 'Component' : 'Kustomization'} should be ${version}`,
    )
  }
  return { root, settings }
}

const known = new Set([
  ...['apiVersion', 'kind', 'metadata', 'openapi', 'namePrefix', 'nameSuffix', 'namespace', 'commonLabels', 'labels'],
  ...[
    'commonAnnotations',
    'patches',
    'patchesStrategicMerge',
    'patchesJson6902',
    'images',
    'imageTags',
    'replacements',
  ],
  ...[
    'replicas',
    'vars',
    'sortOptions',
    'resources',
    'components',
    'crds',
    'bases',
    'configMapGenerator',
    'validators',
  ],
  ...[
    'secretGenerator',
    'helmGlobals',
    'helmCharts',
    'helmChartInflationGenerator',
    'generatorOptions',
    'buildMetadata',
  ],
  ...['configurations', 'generators', 'transformers'],
])

function checkFields(settings: JsonObject): void {
  const [strange] = Object.keys(settings).filter(name => !known.has(name))
  if (strange === undefined) return
  throw new UsageError(`invalid Kustomization: json: unknown field ${quote(strange)}`)
}

function isEmpty(settings: JsonObject): boolean {
  return Object.keys(settings).every(name => ['apiVersion', 'kind', 'metadata'].includes(name))
}

/** Old names of fields as new ones: FixKustomization. */
function modern(settings: JsonObject): JsonObject {
  const { bases, imageTags, ...rest } = settings
  const generators = (name: string): JsonObject => {
    if (rest[name] === undefined) return {}
    const list = objectsAt(rest, name).map(({ env, ...generator }) => {
      return typeof env === 'string' ? { ...generator, envs: [...items(generator.envs), env] } : generator
    })
    return { [name]: list }
  }
  return {
    ...rest,
    ...(bases !== undefined && { resources: [...items(rest.resources), ...items(bases)] }),
    ...(imageTags !== undefined && { images: [...items(rest.images), ...items(imageTags)] }),
    ...generators('configMapGenerator'),
    ...generators('secretGenerator'),
  }
}

function deprecations(settings: JsonObject): readonly string[] {
  const advice = "Run 'kustomize edit fix' to update your Kustomization automatically."
  const use = (old: string, now: string): string[] =>
    settings[old] === undefined ? [] : [`'${old}' is deprecated. Please use '${now}' instead. ${advice}`]
  const vars = `'vars' is deprecated. Please use 'replacements' instead. [EXPERIMENTAL] ${advice}`
  const env = ['configMapGenerator', 'secretGenerator'].some(name =>
    objectsAt(settings, name).some(generator => textAt(generator, 'env') !== ''),
  )
  return [
    ...use('bases', 'resources'),
    ...use('commonLabels', 'labels'),
    ...use('imageTags', 'images'),
    ...use('patchesJson6902', 'patches'),
    ...use('patchesStrategicMerge', 'patches'),
    ...(settings.vars === undefined ? [] : [vars]),
    ...(env ? [`'env' is deprecated. Please use 'envs' instead. ${advice}`] : []),
  ]
}
