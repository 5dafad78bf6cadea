import { mapAt, objectsAt, textAt } from '../unstructured.ts'
import type { FieldSpec } from './field-paths.ts'
import type { Item } from './item.ts'
import type { Folder } from './loading.ts'
import { mergeMaps } from './transformers.ts'

const metadata: FieldSpec = { path: 'metadata/labels', create: true }

const podMakers = ['ReplicationController', 'Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'] as const

const templates: readonly FieldSpec[] = [
  ...podMakers.map(kind => ({ path: 'spec/template/metadata/labels', create: true, kind })),
  { path: 'spec/template/metadata/labels', create: true, group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/metadata/labels', create: true, group: 'batch', kind: 'CronJob' },
  { path: 'spec/jobTemplate/spec/template/metadata/labels', create: true, group: 'batch', kind: 'CronJob' },
]

const claims: readonly FieldSpec[] = [
  { path: 'spec/volumeClaimTemplates/metadata/labels', create: true, group: 'apps', kind: 'StatefulSet' },
]

const pod = 'spec/template/spec'
const affinities = ['podAffinity', 'podAntiAffinity'].flatMap(name => [
  `${pod}/affinity/${name}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `${pod}/affinity/${name}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
])

const selectors: readonly FieldSpec[] = [
  { path: 'spec/selector', create: true, version: 'v1', kind: 'Service' },
  { path: 'spec/selector', create: true, version: 'v1', kind: 'ReplicationController' },
  ...['Deployment', 'ReplicaSet', 'DaemonSet'].map(kind => ({ path: 'spec/selector/matchLabels', create: true, kind })),
  { path: 'spec/selector/matchLabels', create: true, group: 'apps', kind: 'StatefulSet' },
  ...['Deployment', 'StatefulSet'].flatMap(kind =>
    [...affinities, `${pod}/topologySpreadConstraints/labelSelector/matchLabels`].map(path => ({
      path,
      group: 'apps',
      kind,
    })),
  ),
  { path: 'spec/selector/matchLabels', group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/spec/selector/matchLabels', group: 'batch', kind: 'CronJob' },
  { path: 'spec/selector/matchLabels', group: 'policy', kind: 'PodDisruptionBudget' },
  ...['podSelector', 'ingress/from/podSelector', 'egress/to/podSelector'].map(path => ({
    path: `spec/${path}/matchLabels`,
    group: 'networking.k8s.io',
    kind: 'NetworkPolicy',
  })),
]

const everywhere = [metadata, ...templates, ...claims, ...selectors]

/** `labels`, each with how far it reaches, and then `commonLabels`, which reach everywhere. */
export function addLabels(items: readonly Item[], { settings }: Folder): readonly Item[] {
  const labelled = objectsAt(settings, 'labels').reduce<readonly Item[]>((changed, setting) => {
    const custom = objectsAt(setting, 'fields').map(field => ({
      path: textAt(field, 'path'),
      group: textAt(field, 'group'),
      version: textAt(field, 'version'),
      kind: textAt(field, 'kind'),
      create: field.create === true,
    }))
    const places = [
      ...custom,
      metadata,
      ...(setting.includeTemplates === true ? templates : []),
      ...(setting.includeVolumeClaimTemplates === true ? claims : []),
    ]
    return withLabels(changed, setting.includeSelectors === true ? everywhere : places, mapAt(setting, 'pairs'))
  }, items)
  return withLabels(labelled, everywhere, mapAt(settings, 'commonLabels'))
}

function withLabels(
  items: readonly Item[],
  specs: readonly FieldSpec[],
  labels: Readonly<Record<string, string>>,
): readonly Item[] {
  if (Object.keys(labels).length === 0) return items
  return items.map(item => ({ ...item, object: mergeMaps(item.object, specs, labels) }))
}
