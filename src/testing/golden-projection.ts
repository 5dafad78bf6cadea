// Writes a watched object in the form of the recorded logs: one flat map of paths, as short as a person would write it.
// The form is described in golden/behaviour/README.md, "log.jsonl"; what it leaves out was read off the recordings.
import { at, isObject, listAt, objectAt, textAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'

/** `Kind/name`, with the namespace in brackets when it is not the scenario's own. */
export function objectName(object: Json, home: string): string {
  const namespace = textAt(object, 'metadata', 'namespace')
  const name = `${textAt(object, 'kind')}/${textAt(object, 'metadata', 'name')}`
  return namespace === '' || namespace === home ? name : `${name} (${namespace})`
}

/** The fields of an object, by path, with real names and times in them. */
export function project(object: JsonObject): JsonObject {
  const kind = textAt(object, 'kind')
  const fields: JsonObject = { ...projectMetadata(object, kind), ...projectSpec(object, kind) }
  projectStatus(objectAt(object, 'status'), kind, fields)
  return fields
}

/** What changed between two projections: new values, and null for what is gone. */
export function changes(before: JsonObject, after: JsonObject): JsonObject {
  const changed: JsonObject = {}
  for (const [path, value] of Object.entries(after)) {
    if (JSON.stringify(before[path]) !== JSON.stringify(value)) changed[path] = value
  }
  for (const path of Object.keys(before)) if (!(path in after)) changed[path] = null
  return changed
}

const UNRECORDED_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubernetes.io/description',
])

function projectMetadata(object: JsonObject, kind: string): JsonObject {
  const metadata = objectAt(object, 'metadata')
  const fields: JsonObject = {}
  const { generation, deletionTimestamp, deletionGracePeriodSeconds } = metadata
  if (generation !== undefined && kind !== 'Pod') fields['generation'] = generation
  if (Object.keys(objectAt(metadata, 'labels')).length > 0) fields['labels'] = pairs(objectAt(metadata, 'labels'))
  for (const [name, value] of Object.entries(objectAt(metadata, 'annotations'))) {
    // The annotations of users were not recorded: those of Kubernetes have a domain in front.
    if (name.includes('.') && !UNRECORDED_ANNOTATIONS.has(name)) fields[`annotation ${name}`] = value
  }
  const owners = listAt(metadata, 'ownerReferences').map(owner => {
    const marks = (at(owner, 'controller') ? '+controller' : '') + (at(owner, 'blockOwnerDeletion') ? '+block' : '')
    return `${textAt(owner, 'kind')}/${textAt(owner, 'name')}${marks}`
  })
  if (owners.length > 0) fields['owners'] = owners.join(',')
  if (listAt(metadata, 'finalizers').length > 0) fields['finalizers'] = listAt(metadata, 'finalizers').join(',')
  if (deletionTimestamp !== undefined) fields['deletionTimestamp'] = deletionTimestamp
  if (deletionGracePeriodSeconds !== undefined) fields['deletionGracePeriodSeconds'] = deletionGracePeriodSeconds
  return fields
}

/** `k=v,k=v`, sorted by key. */
function pairs(labels: JsonObject): string {
  const keys = Object.keys(labels).sort()
  return keys.map(key => `${key}=${labels[key]}`).join(',')
}

const LEFT_OUT = new Set([
  'template',
  'jobTemplate',
  'volumeClaimTemplates',
  'revisionHistoryLimit',
  'podFailurePolicy',
])

function projectSpec(object: JsonObject, kind: string): JsonObject {
  switch (kind) {
    case 'Pod':
      return projectPodSpec(objectAt(object, 'spec'), listAt(object, 'metadata', 'ownerReferences'))
    case 'Node':
      return projectNodeSpec(objectAt(object, 'spec'))
    case 'EndpointSlice':
      return projectEndpointSlice(object)
    case 'Endpoints':
      return { 'spec.subsets': listAt(object, 'subsets').map(projectSubset) }
    case 'ControllerRevision':
      return { 'spec.revision': object['revision'] ?? null }
    case 'Secret':
      return { 'spec.type': object['type'] ?? null, 'spec.data': Object.keys(objectAt(object, 'data')) }
    case 'ServiceAccount':
      return {}
    default:
      return projectPlainSpec(object)
  }
}

function projectPlainSpec(object: JsonObject): JsonObject {
  const fields: JsonObject = {}
  const { apiVersion: _v, kind: _k, metadata: _m, spec: _s, status: _t, ...rest } = object
  const spec = isObject(object['spec']) ? object['spec'] : rest
  const template = spec['template'] ?? at(spec, 'jobTemplate', 'spec', 'template')
  for (const [name, value] of Object.entries(spec)) {
    if (LEFT_OUT.has(name)) continue
    if (name === 'selector' && template !== undefined) {
      const labels = at(value, 'matchLabels')
      fields['spec.selector'] = pythonJson(labels ?? value)
    } else if (name === 'claimRef') {
      fields['spec.claimRef.claim'] = `${textAt(value, 'namespace')}/${textAt(value, 'name')}`
      fields['spec.claimRef.uid'] = at(value, 'uid') ?? null
    } else {
      flatten(`spec.${name}`, textAt(object, 'kind') === 'ConfigMap' ? hideCertificates(value) : value, fields)
    }
  }
  if (spec['template'] !== undefined) {
    fields['spec.template.images'] = listAt(template, 'spec', 'containers')
      .map(each => `${textAt(each, 'name')}=${textAt(each, 'image')}`)
      .join(',')
    fields['spec.template.labels'] = pairs(objectAt(template, 'metadata', 'labels'))
  }
  return fields
}

function hideCertificates(value: Json): Json {
  if (!isObject(value)) return value
  const hidden = Object.entries(value).map(([key, text]): [string, Json] => [
    key,
    key === 'ca.crt' ? '<certificate>' : text,
  ])
  return Object.fromEntries(hidden)
}

function projectPodSpec(spec: JsonObject, owners: Json[]): JsonObject {
  const fields: JsonObject = {}
  const keep = (name: string, usual: Json[]): void => {
    const value = spec[name]
    if (value !== undefined && !usual.includes(value)) fields[`spec.${name}`] = value
  }
  keep('nodeName', [''])
  keep('hostname', [])
  keep('subdomain', [])
  keep('schedulingGates', [])
  keep('priority', [0])
  keep('priorityClassName', [''])
  keep('preemptionPolicy', ['PreemptLowerPriority'])
  const claims = listAt(spec, 'volumes').flatMap(volume => textAt(volume, 'persistentVolumeClaim', 'claimName') || [])
  if (claims.length > 0) fields['spec.claims'] = claims.join(',')
  fields['spec.images'] = listAt(spec, 'containers')
    .map(container => textAt(container, 'image'))
    .join(',')
  // A DaemonSet pins its Pods by affinity; the affinity of others is an input and not recorded.
  if (owners.some(owner => textAt(owner, 'kind') === 'DaemonSet') && spec['affinity'] !== undefined) {
    fields['spec.affinity'] = pythonJson(spec['affinity'])
  }
  return fields
}

function projectNodeSpec(spec: JsonObject): JsonObject {
  const fields: JsonObject = {}
  if (spec['unschedulable'] !== undefined) fields['spec.unschedulable'] = spec['unschedulable']
  const taints = listAt(spec, 'taints').map(taint => {
    const value = textAt(taint, 'value')
    return `${textAt(taint, 'key')}${value === '' ? '' : `=${value}`}:${textAt(taint, 'effect')}`
  })
  if (taints.length > 0) fields['spec.taints'] = taints.sort()
  return fields
}

function port(each: Json): string {
  return `${textAt(each, 'name')}:${at(each, 'port') ?? ''}/${textAt(each, 'protocol') || 'TCP'}`
}

function projectEndpointSlice(slice: JsonObject): JsonObject {
  const endpoints = listAt(slice, 'endpoints').map(endpoint => {
    const [conditions, target] = [objectAt(endpoint, 'conditions'), objectAt(endpoint, 'targetRef')]
    const words = [listAt(endpoint, 'addresses').join(',')]
    for (const name of ['ready', 'serving', 'terminating']) words.push(`${name}=${conditions[name]}`)
    if (textAt(endpoint, 'nodeName')) words.push(`node=${textAt(endpoint, 'nodeName')}`)
    if (textAt(endpoint, 'hostname')) words.push(`hostname=${textAt(endpoint, 'hostname')}`)
    if (textAt(target, 'name')) words.push(`target=${textAt(target, 'kind')}/${textAt(target, 'name')}`)
    return words.join(' ')
  })
  const addressType = slice['addressType'] ?? null
  return {
    'spec.addressType': addressType,
    'spec.endpoints': endpoints,
    'spec.ports': listAt(slice, 'ports').map(port),
  }
}

function projectSubset(subset: Json): Json {
  const addresses = (name: string) =>
    listAt(subset, name).map(each => `${textAt(each, 'ip')} ${textAt(each, 'targetRef', 'name')}`.trim())
  return {
    addresses: addresses('addresses'),
    notReady: addresses('notReadyAddresses'),
    ports: listAt(subset, 'ports').map(port),
  }
}

function projectStatus(status: JsonObject, kind: string, fields: JsonObject): void {
  for (const condition of listAt(status, 'conditions')) {
    const words = [textAt(condition, 'status'), textAt(condition, 'reason'), textAt(condition, 'message')]
    fields[`status.condition ${textAt(condition, 'type')}`] = words.join('/').replace(/\/+$/, '')
  }
  if (kind === 'Node') return
  if (kind === 'Pod') return projectPodStatus(status, fields)
  for (const [name, value] of Object.entries(status))
    if (name !== 'conditions') flatten(`status.${name}`, value, fields)
}

function projectPodStatus(status: JsonObject, fields: JsonObject): void {
  for (const name of ['phase', 'qosClass', 'podIP', 'nominatedNodeName']) {
    const value = status[name]
    if (value !== undefined && value !== '') fields[`status.${name}`] = value
  }
  for (const container of listAt(status, 'containerStatuses')) {
    const { waiting, terminated } = objectAt(container, 'state')
    const state = terminated
      ? `terminated:${at(terminated, 'exitCode')}`
      : waiting
        ? `waiting:${textAt(waiting, 'reason')}`
        : 'running'
    const rest = `ready=${at(container, 'ready')} restarts=${at(container, 'restartCount')}`
    fields[`status.container ${textAt(container, 'name')}`] = `${state} ${rest}`
  }
}

/** Maps become longer paths; lists, scalars and empty maps are values. */
function flatten(path: string, value: Json, into: JsonObject): void {
  if (!isObject(value) || Object.keys(value).length === 0) into[path] = value
  else for (const [key, item] of Object.entries(value)) flatten(`${path}.${key}`, item, into)
}

/** JSON as the recorder wrote it inside a text: sorted keys, a blank after commas and colons. */
function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map(key => `${JSON.stringify(key)}: ${pythonJson(value[key] ?? null)}`).join(', ')}}`
}
