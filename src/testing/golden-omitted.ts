// kubectl speaks protobuf for what it builds itself, and the recordings leave those bodies out. This rebuilds the object
// from the command line, for the few commands that the recorded cases use, so that later steps find it.
// Compare k8s.io/kubectl/pkg/cmd/create and pkg/cmd/auth.
import type { JsonObject } from './golden-json.ts'

/** The object that `kubectl create …` or `kubectl auth can-i …` sends; undefined for commands that send none we know. */
export function objectOfCommand(args: readonly string[]): JsonObject | undefined {
  const words = args.filter((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-n')
  const [verb, resource, name] = words
  if (verb === 'auth') return review(words, args.includes('--list'))
  if (verb !== 'create' || !resource || !name) return undefined
  const metadata: JsonObject = { name }
  const save = (object: JsonObject): JsonObject =>
    args.includes('--save-config') ? withLastApplied(object, name) : object
  switch (resource) {
    case 'configmap':
      return save({ kind: 'ConfigMap', apiVersion: 'v1', metadata, ...literals(args) })
    case 'namespace':
      return { kind: 'Namespace', apiVersion: 'v1', metadata, spec: {}, status: {} }
    case 'deployment':
      return deployment(name, metadata, option(args, 'image'))
    case 'job':
      return job(name, metadata, option(args, 'image'))
    case 'role':
      return { kind: 'Role', apiVersion: 'rbac.authorization.k8s.io/v1', metadata, rules: rulesOf(args) }
    case 'rolebinding': {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: option(args, 'clusterrole') }
      return { kind: 'RoleBinding', apiVersion: 'rbac.authorization.k8s.io/v1', metadata, subjects: [], roleRef }
    }
    default:
      return undefined
  }
}

/** One rule of the core group. */
function rulesOf(args: readonly string[]): JsonObject[] {
  const [verbs, resources] = [option(args, 'verb'), option(args, 'resource')].map(list => list.split(','))
  return verbs && resources ? [{ verbs, apiGroups: [''], resources }] : []
}

function option(args: readonly string[], name: string): string {
  return args.find(arg => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''
}

function literals(args: readonly string[]): JsonObject {
  const pairs = args.filter(arg => arg.startsWith('--from-literal=')).map(arg => arg.slice('--from-literal='.length))
  if (pairs.length === 0) return {}
  return {
    data: Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  }
}

function deployment(name: string, metadata: JsonObject, image: string): JsonObject {
  const labels = { app: name }
  const container = { name: image.replace(/^.*\//, '').replace(/[:@].*$/, ''), image, resources: {} }
  const template = { metadata: { labels }, spec: { containers: [container] } }
  const spec = { replicas: 1, selector: { matchLabels: labels }, template, strategy: {} }
  return { kind: 'Deployment', apiVersion: 'apps/v1', metadata: { ...metadata, labels }, spec, status: {} }
}

function job(name: string, metadata: JsonObject, image: string): JsonObject {
  const containers = [{ name, image, resources: {} }]
  const template = { metadata: {}, spec: { containers, restartPolicy: 'Never' } }
  return { kind: 'Job', apiVersion: 'batch/v1', metadata, spec: { template }, status: {} }
}

function review(words: readonly string[], list: boolean): JsonObject {
  const [, , verb = '', resource = ''] = words
  const head = { apiVersion: 'authorization.k8s.io/v1', metadata: {} }
  if (list) return { ...head, kind: 'SelfSubjectRulesReview', spec: { namespace: 'default' } }
  const resourceAttributes = { namespace: 'default', verb, resource }
  return { ...head, kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } }
}

/** `--save-config`: the object itself, in kubectl's own order of keys, without namespace. */
function withLastApplied(object: JsonObject, name: string): JsonObject {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n` }
  return { ...object, metadata: { name, annotations } }
}
