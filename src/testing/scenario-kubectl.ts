// The few kubectl commands of the recorded scenarios, until the kubectl of tools/ can take them: see README.md.
import { parseAllDocuments } from 'yaml'
import { ControllerRevision } from '../api/apps/controllerrevision.ts'
import { DaemonSet } from '../api/apps/daemonset.ts'
import { Deployment } from '../api/apps/deployment.ts'
import { ReplicaSet } from '../api/apps/replicaset.ts'
import { StatefulSet } from '../api/apps/statefulset.ts'
import { ConfigMap } from '../api/core/configmap.ts'
import { Namespace } from '../api/core/namespace.ts'
import { Node, type Taint } from '../api/core/node.ts'
import { kindOf, kinds } from '../api/index.ts'
import type { Api } from '../client/api.ts'
import type { Kind } from '../machinery/kind.ts'
import type { ApiObject } from '../machinery/object.ts'
import { ApiError } from '../machinery/status.ts'

interface Line {
  readonly api: Api
  readonly namespace: string
  readonly words: readonly string[]
  readonly flags: ReadonlyMap<string, string>
  readonly files: Readonly<Record<string, string>>
}

type Output = { code: number; stdout: string; stderr: string }

/** Runs a command line without the word kubectl. Output is not kubectl's. */
export function scenarioKubectl(api: Api, text: string, files: Record<string, string>): Output {
  const { words, flags } = split(text)
  const line: Line = { api, words, flags, files, namespace: flags.get('n') ?? 'default' }
  const [verb = ''] = words
  const run = commands[verb]
  if (!run) return { code: 1, stdout: '', stderr: `error: unknown command "${verb}"` }
  try {
    run(line)
    return { code: 0, stdout: '', stderr: '' }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { code: 1, stdout: '', stderr: error.message }
  }
}

function split(text: string): { words: string[]; flags: Map<string, string> } {
  const parts = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(found => found[1] ?? found[2] ?? '')
  const words: string[] = []
  const flags = new Map<string, string>()
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? ''
    const long = /^--([\w-]+)(?:=(.*))?$/.exec(part)
    if (long) flags.set(long[1] ?? '', long[2] ?? 'true')
    else if (/^-[a-z]$/.test(part)) flags.set(part.slice(1), parts[++i] ?? '')
    else words.push(part)
  }
  return { words, flags }
}

const commands: Readonly<Record<string, (line: Line) => void>> = {
  create(line) {
    const [, what, name = ''] = line.words
    if (what === 'namespace') line.api.create(Namespace, { metadata: { name } })
    else line.api.create(ConfigMap, { metadata: { name, namespace: line.namespace } })
  },

  apply(line) {
    for (const document of parseAllDocuments(line.files[line.flags.get('f') ?? ''] ?? '')) {
      const object: ApiObject | null = document.toJS()
      if (object) applyOne(line, object)
    }
  },

  set(line) {
    const { kind, object } = targetOf(line, 2)
    const [name, image] = (line.words[3] ?? '').split('=')
    line.api.patch(kind, object, 'strategic', { spec: { template: { spec: { containers: [{ name, image }] } } } })
  },

  scale(line) {
    const { kind, object } = targetOf(line, 1)
    const replicas = Number(line.flags.get('replicas'))
    const expected = line.flags.get('current-replicas')
    const current = Reflect.get(Reflect.get(object, 'spec'), 'replicas')
    if (expected !== undefined && Number(expected) !== current) {
      throw new ApiError('', `Expected replicas to be ${expected}, was ${current}`)
    }
    line.api.patch(kind, object, 'merge', { spec: { replicas } })
  },

  rollout(line) {
    const { kind, object } = targetOf(line, 2)
    const [, verb] = line.words
    if (verb === 'pause' || verb === 'resume') {
      const isPaused = Boolean(Reflect.get(Reflect.get(object, 'spec'), 'paused'))
      if (isPaused === (verb === 'pause')) throw new ApiError('', `deployments.apps "web" is already ${verb}d`)
      line.api.patch(kind, object, 'merge', { spec: { paused: verb === 'pause' ? true : null } })
    } else if (verb === 'undo') undo(line, kind, object)
  },

  delete(line) {
    const selector = line.flags.get('l')
    const options =
      line.flags.get('cascade') === 'orphan'
        ? ({ propagationPolicy: 'Orphan' } as const)
        : ({ propagationPolicy: 'Background' } as const)
    if (selector !== undefined) {
      const kind = kindNamed(line.words[1] ?? '')
      for (const object of line.api.list(kind, line.namespace, { labelSelector: selector }))
        line.api.delete(kind, object, options)
      return
    }
    const { kind, object } = targetOf(line, 1)
    line.api.delete(kind, object, options)
  },

  patch(line) {
    const { kind, object } = targetOf(line, 1)
    const type = line.flags.get('type') === 'merge' ? 'merge' : 'strategic'
    line.api.patch(kind, object, type, JSON.parse(line.flags.get('p') ?? '{}'))
  },

  label: line => setPairs(line, 'labels'),
  annotate: line => setPairs(line, 'annotations'),

  taint(line) {
    const node = line.api.get(Node, line.words[2] ?? '')
    const text = line.words[3] ?? ''
    const [pair = '', effect = ''] = text.split(':')
    const [key = '', value] = pair.replace(/-$/, '').split('=')
    const others = (node.spec.taints ?? []).filter(taint => taint.key !== key)
    const added = { key, effect, ...(value !== undefined && { value }) } as Taint
    line.api.update(Node, { ...node, spec: { ...node.spec, taints: text.endsWith('-') ? others : [...others, added] } })
  },

  cordon(line) {
    line.api.patch(Node, line.api.get(Node, line.words[1] ?? ''), 'merge', { spec: { unschedulable: true } })
  },

  get: () => undefined,
}

function applyOne({ api, namespace }: Line, object: ApiObject): void {
  const kind = kindOf(object)
  if (!kind) throw new ApiError('', `no matches for kind "${object.kind}"`)
  const inNamespace = object.metadata.namespace ?? namespace
  const metadata = { ...object.metadata, ...(kind.namespaced && { namespace: inNamespace }) }
  const present = api.find(kind, metadata.name, kind.namespaced ? inNamespace : undefined)
  if (present) api.patch(kind, present, 'strategic', object)
  else api.create(kind, { ...object, metadata })
}

function setPairs(line: Line, field: 'labels' | 'annotations'): void {
  const slash = line.words[1]?.includes('/') ?? false
  const { kind, object } = targetOf(line, 1)
  const pairs = line.words.slice(slash ? 2 : 3).map(word => word.split('='))
  line.api.patch(kind, object, 'merge', { metadata: { [field]: Object.fromEntries(pairs) } })
}

function targetOf(line: Line, at: number): { kind: Kind; object: ApiObject } {
  const [first = '', second] = (line.words[at] ?? '').split('/')
  const kind = kindNamed(first)
  const name = second ?? line.words[at + 1] ?? ''
  return { kind, object: line.api.get(kind, name, kind.namespaced ? line.namespace : undefined) }
}

function kindNamed(name: string): Kind {
  const found = kinds.find(
    ({ plural, singular, shortNames = [] }) => plural === name || singular === name || shortNames.includes(name),
  )
  if (!found) throw new ApiError('', `error: the server doesn't have a resource type "${name}"`)
  return found
}

const revisionKey = 'deployment.kubernetes.io/revision'

/** `rollout undo`: the template of an earlier revision is put back (polymorphichelpers/rollback.go). */
function undo(line: Line, kind: Kind, object: ApiObject): void {
  const wanted = Number(line.flags.get('to-revision') ?? 0)
  if (kind === Deployment) {
    const owned = line.api
      .list(ReplicaSet, line.namespace)
      .filter(rs => rs.metadata.ownerReferences?.[0]?.uid === object.metadata.uid)
    const revision = (rs: ReplicaSet): number => Number(rs.metadata.annotations?.[revisionKey])
    const sorted = owned.sort((a, b) => revision(b) - revision(a))
    const to = wanted ? sorted.find(rs => revision(rs) === wanted) : sorted[1]
    if (!to) throw new ApiError('', `unable to find specified revision ${wanted} in history`)
    const { 'pod-template-hash': _, ...labels } = to.spec.template.metadata.labels ?? {}
    const template = { ...to.spec.template, metadata: { ...to.spec.template.metadata, labels } }
    line.api.patch(kind, object, 'json', [{ op: 'replace', path: '/spec/template', value: template }])
    return
  }
  if (kind !== DaemonSet && kind !== StatefulSet) return
  const owned = line.api
    .list(ControllerRevision, line.namespace)
    .filter(each => each.metadata.ownerReferences?.[0]?.uid === object.metadata.uid)
  const to = owned.sort((a, b) => b.revision - a.revision)[1]
  if (to) line.api.patch(kind, object, 'strategic', to.data)
}
