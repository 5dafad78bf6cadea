import { matchesSelector } from '../../../../machinery/labels.ts'
import { parseSelector } from '../../../../machinery/labels-parser.ts'
import { attempt } from '../../../../machinery/status.ts'
import { type Info, infoOfItem, infoPath, listOf } from '../../api/builder.ts'
import { groupVersionOf, type Resource } from '../../api/discovery.ts'
import { at, mapAt, objectsAt } from '../../unstructured.ts'
import { dryRunOf, klogWarning, lastAppliedPath, reporter } from '../../writing.ts'
import type { ApplyContext } from './flags.ts'

/** Kinds that are pruned when the command line names none (kubectl/pkg/util/prune). */
const defaults: readonly string[] = [
  ...['v1/ConfigMap', 'v1/Endpoints', 'v1/Namespace', 'v1/PersistentVolumeClaim', 'v1/PersistentVolume', 'v1/Pod'],
  ...['v1/ReplicationController', 'v1/Secret', 'v1/Service', 'batch/v1/Job', 'batch/v1/CronJob'],
  ...[
    'networking.k8s.io/v1/Ingress',
    'apps/v1/DaemonSet',
    'apps/v1/Deployment',
    'apps/v1/ReplicaSet',
    'apps/v1/StatefulSet',
  ],
]

/** Deletes what was applied before and is not in the files any more. */
export function prune(context: ApplyContext, applied: readonly Info[]): void {
  const { client, flags, err, host } = context
  const named = flags['prune-allowlist']
  if (named.length === 0) {
    err(
      klogWarning(
        host.now,
        'prune.go:71',
        'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.',
      ),
    )
  }
  const kinds = named.length > 0 ? named.map(name => name.replace(/^core\//, '')) : defaults
  const kept = new Set(applied.map(({ object }) => at(object, 'metadata', 'uid')))
  const namespaces = new Set(applied.map(({ namespace }) => namespace).filter(namespace => namespace !== ''))
  const report = reporter(context)
  for (const resource of resourcesOf(context, kinds)) {
    const places = resource.namespaced ? [...namespaces] : [undefined]
    for (const place of places) {
      const list = listOf(client, resource, place, { query: { labelSelector: flags.selector } })
      for (const info of objectsAt(list, 'items').map(item => infoOfItem(resource, item))) {
        const { object = {} } = info
        const isOurs = at(object, ...lastAppliedPath) !== undefined && matchesFlag(flags.selector, object)
        if (!isOurs || kept.has(at(object, 'metadata', 'uid'))) continue
        if (dryRunOf(context) === 'none')
          attempt(
            () =>
              void client.delete(infoPath(info), {
                kind: 'DeleteOptions',
                apiVersion: 'v1',
                propagationPolicy: 'Background',
              }),
          )
        report(object, 'pruned')
      }
    }
  }
}

function matchesFlag(selector: string, object: unknown): boolean {
  const { value } = parseSelector(selector)
  return value === undefined || matchesSelector(value, mapAt(object, 'metadata', 'labels'))
}

/** Namespaced kinds first, as they are listed. */
function resourcesOf({ mapper }: ApplyContext, kinds: readonly string[]): readonly Resource[] {
  const found = kinds.flatMap(name => {
    const slash = name.lastIndexOf('/')
    return mapper().all.filter(
      ({ group, version, kind }) =>
        groupVersionOf(group, version) === name.slice(0, slash) && kind === name.slice(slash + 1),
    )
  })
  return [...found.filter(({ namespaced }) => namespaced), ...found.filter(({ namespaced }) => !namespaced)]
}
