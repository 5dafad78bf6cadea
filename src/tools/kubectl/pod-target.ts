import { quote } from '../../machinery/go-text.ts'
import type { JsonObject } from '../../machinery/json-value.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { type Info, subjectsOf, visit } from './api/builder.ts'
import { pathOf } from './api/client.ts'
import { type Context, selectionOf } from './command.ts'
import { throwGathered, UsageError } from './errors.ts'
import { at, mapAt, nameOf, objectsAt, textAt, textsAt } from './unstructured.ts'

// Pods and containers that verbs about processes speak to: logs, exec, attach, port-forward, cp.

/** What a word such as `web`, `pod/web` or `deploy/web` stands for. */
export function objectNamed(context: Context, word: string): Info {
  const args = word.includes('/') ? [word] : ['pods', word]
  const selection = selectionOf({ ...context, flags: {} }, { args })
  const { infos, failures } = visit(
    context.client,
    context.mapper,
    subjectsOf(context.host, context.mapper, selection),
    selection,
  )
  throwGathered(failures)
  const [info] = infos
  if (!info) throw new UsageError(`resource ${word} not found`)
  return info
}

/** The Pods of an object: itself, or those that its selector finds (polymorphichelpers/attachablepodforobject.go). */
export function podsOf(context: Context, { object = {}, resource, namespace, name }: Info): readonly JsonObject[] {
  if (resource.kind === 'Pod') return [object]
  const labelSelector = selectorOf(object, resource.kind)
  if (labelSelector === undefined) {
    throw new UsageError(
      `cannot attach to *${resource.version}.${resource.kind}: ${resource.plural}/${name} has no Pods`,
    )
  }
  return podsMatching(context, namespace, labelSelector)
}

export function podsMatching(
  { client, mapper }: Context,
  namespace: string,
  labelSelector: string,
): readonly JsonObject[] {
  const list = client.get(pathOf(mapper().ofGroup('', 'pods'), namespace), { query: { labelSelector } })
  return objectsAt(list, 'items').map(pod => ({ apiVersion: 'v1', kind: 'Pod', ...pod }))
}

function selectorOf(object: JsonObject, kind: string): string | undefined {
  const isPlain = kind === 'Service' || kind === 'ReplicationController'
  const selector = at(object, 'spec', 'selector')
  if (selector === undefined) return undefined
  if (isPlain) return formatLabelSelector({ matchLabels: mapAt(selector) })
  return formatLabelSelector({
    matchLabels: mapAt(selector, 'matchLabels'),
    matchExpressions: objectsAt(selector, 'matchExpressions').map(expression => ({
      key: textAt(expression, 'key'),
      operator: textAt(expression, 'operator'),
      values: textsAt(expression, 'values'),
    })),
  })
}

export function containersIn(pod: JsonObject): readonly string[] {
  const lists = ['containers', 'initContainers', 'ephemeralContainers']
  return lists.flatMap(list => objectsAt(pod, 'spec', list).map(container => textAt(container, 'name')))
}

/** `app, side, setup (init)`: how messages name a Pod's containers. */
function containersText(pod: JsonObject): string {
  const names = (list: string, suffix: string): string[] =>
    objectsAt(pod, 'spec', list).map(container => `${textAt(container, 'name')}${suffix}`)
  return [
    ...names('containers', ''),
    ...names('initContainers', ' (init)'),
    ...names('ephemeralContainers', ' (ephem)'),
  ].join(', ')
}

/** The container to speak to: the one that was named, the annotated one, or the first, of which is told. */
export function chooseContainer({ err }: Context, pod: JsonObject, wanted: string, isQuiet = false): string {
  const names = containersIn(pod)
  if (wanted !== '') {
    if (names.includes(wanted)) return wanted
    throw new UsageError(`container ${wanted} is not valid for pod ${nameOf(pod)} out of: ${containersText(pod)}`)
  }
  const annotated = textAt(pod, 'metadata', 'annotations', 'kubectl.kubernetes.io/default-container')
  if (annotated !== '') {
    if (names.includes(annotated)) return annotated
    err(`Default container name ${quote(annotated)} not found in pod ${nameOf(pod)}\n`)
  }
  const [first = ''] = objectsAt(pod, 'spec', 'containers').map(container => textAt(container, 'name'))
  if (names.length > 1 && !isQuiet) err(`Defaulted container ${quote(first)} out of: ${containersText(pod)}\n`)
  return first
}
