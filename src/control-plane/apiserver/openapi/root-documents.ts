import type { Server } from '../server-context.ts'
import { Components } from './components.ts'
import { writePaths } from './documents.ts'
import { sourcesOf } from './group-versions.ts'
import { groupName, type Operation, text } from './operations.ts'
import type { Form, OpenApiSchema } from './schemas.ts'

const versionInfo = 'io.k8s.apimachinery.pkg.version.Info'
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** A path that belongs to no group's version. */
interface RootPath {
  readonly path: string
  readonly tag: string
  readonly operation: Operation
}

function get(path: string, tag: string, id: string, description: string, answer: string): RootPath {
  return { path, tag, operation: { method: 'get', id, description, parameters: [], answer, codes: [200] } }
}

/** The paths besides those of groups' versions, by their names in the index. */
export function rootPathsOf(groups: readonly string[]): Map<string, RootPath> {
  const named = groups.map((group): [string, RootPath] => [
    `apis/${group}`,
    get(
      `/apis/${group}/`,
      tagOf(group),
      `get${groupName(group)}APIGroup`,
      'get information of a group',
      `${meta}.APIGroup`,
    ),
  ])
  const openId = 'get service account issuer OpenID'
  return new Map([
    [
      '.well-known/openid-configuration',
      get(
        '/.well-known/openid-configuration',
        'WellKnown',
        'getServiceAccountIssuerOpenIDConfiguration',
        `${openId} configuration, also known as the 'OIDC discovery doc'`,
        text,
      ),
    ],
    ['api', get('/api/', 'core', 'getCoreAPIVersions', 'get available API versions', `${meta}.APIVersions`)],
    ['apis', get('/apis/', 'apis', 'getAPIVersions', 'get available API versions', `${meta}.APIGroupList`)],
    ...named,
    [
      'openid/v1/jwks',
      get(
        '/openid/v1/jwks',
        'openid',
        'getServiceAccountIssuerOpenIDKeyset',
        `${openId} JSON Web Key Set (contains public token verification keys)`,
        text,
      ),
    ],
    [
      'version',
      get('/version/', 'version', 'getCodeVersion', 'get the version information for this server', versionInfo),
    ],
  ])
}

/** `rbacAuthorization`: a group as the tags of its operations have it. */
export function tagOf(group: string): string {
  const name = groupName(group)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** The object `paths` with one path of these. */
export function rootPaths({ path, tag, operation }: RootPath, components: Components, form: Form): OpenApiSchema {
  return writePaths([{ path, parameters: [], operations: [operation] }], tag, components, form)
}

/** The document of one of these. */
export function rootDocument(server: Server, root: RootPath): OpenApiSchema {
  const components = new Components(sourcesOf(server), 'v3')
  const paths = rootPaths(root, components, 'v3')
  return { openapi: '3.0.0', info: kubernetesInfo, paths, components: { schemas: components.all() } }
}

export const kubernetesInfo = { title: 'Kubernetes', version: 'v1.36.2' }
