import { kinds } from '../../../api/index.ts'
import type { HorizontalPodAutoscaler } from '../../../api/autoscaling/horizontalpodautoscaler.ts'
import { Pod } from '../../../api/core/pod.ts'
import type { Scale } from '../../../api/generated/autoscaling.v1.ts'
import type { Context } from '../../../client/controller.ts'
import { discoveredKind } from '../../../client/discovered-kind.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { matchesSelector, type Selector } from '../../../machinery/labels.ts'
import { parseSelector } from '../../../machinery/labels-parser.ts'
import { customResources } from '../custom-resources.ts'

/** What an autoscaler scales. */
export interface Target {
  readonly kind: Kind
  readonly scale: Scale
}

/** The scale of what an autoscaler refers to. Throws the words of the server, or of the mapper that knows no such kind. */
export function targetOf({ metadata, spec }: HorizontalPodAutoscaler, { api, cache }: Context): Target {
  const { apiVersion = '', kind: name, name: of } = spec.scaleTargetRef
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const isMeant = (each: { group: string; kind: string }): boolean => each.group === group && each.kind === name
  const custom = customResources(cache).find(isMeant)
  const kind = kinds.find(isMeant) ?? (custom && discoveredKind(custom))
  if (!kind) throw new Error(`no matches for kind "${name}" in group "${group}"`)
  const scale = api.send<Scale>({
    verb: 'get',
    kind,
    name: of,
    namespace: metadata.namespace ?? '',
    subresource: 'scale',
  })
  return { kind, scale }
}

/** Sets the target's size. */
export function resize({ kind, scale }: Target, replicas: number, { api }: Context): void {
  const { name = '', namespace = '' } = scale.metadata
  const body = { ...scale, spec: { replicas } }
  api.send({ verb: 'update', kind, name, namespace, subresource: 'scale', body })
}

/** A reason why nothing can be measured, for the condition ScalingActive. */
export class SelectorTrouble extends Error {
  constructor(
    readonly reason: 'InvalidSelector' | 'AmbiguousSelector',
    /** Reason of the Event about it. */
    readonly event: 'SelectorRequired' | 'InvalidSelector' | 'AmbiguousSelector',
    message: string,
    readonly condition = message,
  ) {
    super(message)
  }
}

/** The Pods that count, as the target's scale selects them. Throws SelectorTrouble: validateAndParseSelector. */
export function podsOf(scale: Scale, context: Context): { pods: Pod[]; selector: string } {
  const { selector: text = '' } = scale.status ?? {}
  const { namespace = '' } = scale.metadata
  if (text === '') {
    const condition = "the HPA target's scale is missing a selector"
    throw new SelectorTrouble('InvalidSelector', 'SelectorRequired', 'selector is required', condition)
  }
  const { value: selector, error } = parseSelector(text)
  if (error !== undefined) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${error}`
    throw new SelectorTrouble('InvalidSelector', 'InvalidSelector', message)
  }
  const pods = context.cache.list(Pod, namespace).filter(pod => matchesSelector(selector, pod.metadata.labels))
  const rivals = controllersOf(pods, namespace, selector, context)
  if (rivals.length > 1) {
    const message = `pods by selector ${text} are controlled by multiple HPAs: [${rivals.join(' ')}]`
    throw new SelectorTrouble('AmbiguousSelector', 'AmbiguousSelector', message)
  }
  return { pods, selector: text }
}

/** Keys of the autoscalers that were last seen to select one of these Pods, this one among them. */
function controllersOf(
  pods: readonly Pod[],
  namespace: string,
  selector: Selector,
  { memory, key }: Context,
): string[] {
  const known = memory.get(selectorsKey)
  const selectors: Map<string, Selector> = known instanceof Map ? known : new Map()
  if (selectors !== known) memory.set(selectorsKey, selectors)
  selectors.set(key, selector)
  return [...selectors]
    .filter(
      ([each, other]) =>
        each.startsWith(`${namespace}/`) && pods.some(pod => matchesSelector(other, pod.metadata.labels)),
    )
    .map(([each]) => each)
}

/** An autoscaler that is gone controls nothing any more. */
export function forgetSelector({ memory, key }: Context): void {
  const known = memory.get(selectorsKey)
  if (known instanceof Map) known.delete(key)
}

const selectorsKey = 'selectors'
