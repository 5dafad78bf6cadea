import { quote } from '../../machinery/go-text.ts'
import { type Behaviour, behaviourAnnotations, behaviourPrefix } from './behaviour-annotations.ts'

/**
 * Annotations `podscape.dev/…` of a Pod, by which a teacher stages how its containers behave. `podscape.dev/cpu` is for
 * all containers but the init containers; `podscape.dev/web.cpu` for the one that is called web, and counts more.
 */
export interface PodBehaviour {
  of(container: string): Behaviour | undefined
  /** Annotations that mean nothing, with why: `podscape.dev/cpu: "lots": must be …`. */
  readonly faults: readonly string[]
}

/** What of a Pod decides. */
export interface Staged {
  readonly annotations: Readonly<Record<string, string>> | undefined
  readonly containers: readonly { readonly name: string }[]
  readonly initContainers?: readonly { readonly name: string }[] | undefined
}

const byKey = new Map(behaviourAnnotations.map(annotation => [annotation.key, annotation]))

/** Reads a Pod's annotations. Undefined, and quickly, for the many that have none of ours. */
export function podBehaviour({ annotations, containers, initContainers = [] }: Staged): PodBehaviour | undefined {
  const ours = Object.entries(annotations ?? {}).filter(([name]) => name.startsWith(behaviourPrefix))
  if (ours.length === 0) return undefined
  const names = new Set([...containers, ...initContainers].map(({ name }) => name))
  const shared: Behaviour[] = []
  const own = new Map<string, Behaviour[]>()
  const faults: string[] = []
  for (const [name, text] of ours) {
    const { container, key } = partsOf(name.slice(behaviourPrefix.length))
    const annotation = byKey.get(key)
    const behaviour = annotation?.read(text)
    if (!annotation) faults.push(`${name}: is not known: ${nearest(key)}`)
    else if (container !== undefined && !names.has(container))
      faults.push(`${name}: there is no container ${container}`)
    else if (!behaviour) faults.push(`${name}: ${quote(text)}: ${annotation.form}`)
    else if (container === undefined) shared.push(behaviour)
    else own.set(container, [...(own.get(container) ?? []), behaviour])
  }
  const isInit = (name: string): boolean => initContainers.some(each => each.name === name)
  return {
    faults,
    of(container) {
      const parts = [...(isInit(container) ? [] : shared), ...(own.get(container) ?? [])]
      if (parts.length === 0) return undefined
      return Object.freeze(parts.reduce<Behaviour>((all, part) => ({ ...all, ...part }), {}))
    },
  }
}

/** Warnings about annotations, under their path: `metadata`, or `spec.template.metadata`. */
export function behaviourWarnings(path: string, staged: Staged): string[] {
  return (podBehaviour(staged)?.faults ?? []).map(fault => `${path}.annotations[${fault.replace(':', ']:')}`)
}

/** Names of containers have no dots. */
function partsOf(name: string): { readonly container: string | undefined; readonly key: string } {
  const dot = name.indexOf('.')
  return dot < 0 ? { container: undefined, key: name } : { container: name.slice(0, dot), key: name.slice(dot + 1) }
}

function nearest(key: string): string {
  const keys = [...byKey.keys()]
  const alike = keys.filter(known => key !== '' && (known.startsWith(key) || key.startsWith(known)))
  return `use one of ${(alike.length > 0 ? alike : keys).join(', ')}`
}
