import { Digest } from '../../../sim/digest.ts'
import type { ResourceTable } from '../resources.ts'
import type { Server } from '../server-context.ts'
import { Components } from './components.ts'
import { writePaths } from './documents.ts'
import { type GroupVersion, groupVersionsOf, sourcesOf } from './group-versions.ts'
import { pathsOf } from './operations.ts'
import { kubernetesInfo, rootDocument, rootPaths, rootPathsOf, tagOf } from './root-documents.ts'
import type { OpenApiSchema } from './schemas.ts'

/** A document as it is sent: its text, and the hash by which clients know whether they have it already. */
export interface OpenApiText {
  readonly text: string
  readonly hash: string
}

interface Made extends OpenApiText {
  readonly stamp: string
}

/** Documents that were asked for, by server. They follow from its kinds alone, so nothing of the simulation is kept here. */
const made = new WeakMap<ResourceTable, Map<string, Made>>()

function remembered(server: Server, name: string, stamp: string, make: () => OpenApiSchema): OpenApiText {
  const documents = made.get(server.resources) ?? new Map<string, Made>()
  made.set(server.resources, documents)
  const known = documents.get(name)
  if (known?.stamp === stamp) return known
  const text = `${JSON.stringify(make())}\n`
  const document = { stamp, text, hash: new Digest().add(text).toString().toUpperCase() }
  documents.set(name, document)
  return document
}

/** Where each document is: the index of `/openapi/v3`. */
export function openApiIndex(server: Server): string {
  const versions = groupVersionsOf(server)
  const names = [...versions.keys(), ...rootPathsOf(builtInGroups(versions)).keys()].sort()
  const paths = names.map(name => {
    const hash = openApiV3(server, name)?.hash ?? ''
    return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }]
  })
  return `${JSON.stringify({ paths: Object.fromEntries(paths) })}\n`
}

/** Groups of definitions have no document of their own, only their versions have. */
function builtInGroups(versions: ReadonlyMap<string, GroupVersion>): string[] {
  const groups = [...versions.values()].flatMap(({ group, stamp }) => (group !== '' && stamp === '' ? [group] : []))
  return [...new Set(groups)]
}

/** The document of a name in the index. Undefined when there is no such thing. */
export function openApiV3(server: Server, name: string): OpenApiText | undefined {
  const versions = groupVersionsOf(server)
  const groupVersion = versions.get(name)
  if (groupVersion) {
    return remembered(server, name, groupVersion.stamp, () => groupVersionDocument(server, groupVersion))
  }
  const root = rootPathsOf(builtInGroups(versions)).get(name)
  return root && remembered(server, name, '', () => rootDocument(server, root))
}

function groupVersionDocument(server: Server, groupVersion: GroupVersion): OpenApiSchema {
  const components = new Components(sourcesOf(server), 'v3')
  const paths = groupVersionPaths(groupVersion, components, 'v3')
  const isDefined = groupVersion.stamp !== ''
  const info = isDefined ? { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' } : kubernetesInfo
  return {
    openapi: '3.0.0',
    info,
    paths,
    components: {
      schemas: components.all(),
      ...(!isDefined && { securitySchemes: { BearerToken: bearer } }),
    },
  }
}

const bearer = { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' }

function groupVersionPaths(
  { group, version, resources }: GroupVersion,
  components: Components,
  form: 'v2' | 'v3',
): OpenApiSchema {
  // Tags name group and version: `apps_v1`.
  return writePaths(pathsOf(group, version, resources), `${tagOf(group)}_${version}`, components, form)
}

/** The one document of `/openapi/v2`: everything that is served. */
export function openApiV2(server: Server): OpenApiText {
  const versions = [...groupVersionsOf(server).values()]
  const stamp = versions.map(version => version.stamp).join(',')
  return remembered(server, 'v2', stamp, () => {
    const components = new Components(sourcesOf(server), 'v2')
    const roots = [...rootPathsOf(builtInGroups(groupVersionsOf(server))).values()]
    const paths: [string, unknown][] = [
      ...roots.flatMap(root => Object.entries(rootPaths(root, components, 'v2'))),
      ...versions.flatMap(version => Object.entries(groupVersionPaths(version, components, 'v2'))),
    ]
    paths.sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      swagger: '2.0',
      info: kubernetesInfo,
      paths: Object.fromEntries(paths),
      definitions: components.all(),
      securityDefinitions: { BearerToken: bearer },
      security: [{ BearerToken: [] }],
    }
  })
}
