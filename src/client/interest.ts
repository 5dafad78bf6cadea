import type { Kind } from '../machinery/kind.ts'
import type { ControllerDefinition, Watch } from './controller.ts'

/** What a controller wants to hear of a kind: a change of a Pod is nothing to most controllers. */
export interface Interest {
  readonly controller: ControllerDefinition
  readonly owns: boolean
  readonly watches: readonly Watch[]
}

/** What the controllers of a process want to hear of each kind, made out once. */
export class Interests {
  private readonly byKind = new WeakMap<Kind, readonly Interest[]>()

  constructor(
    private readonly controllers: readonly ControllerDefinition[],
    /** Kinds that the controllers name; all others were discovered. */
    named: Iterable<Kind>,
  ) {
    for (const kind of named) this.byKind.set(kind, interestsIn(kind, controllers))
  }

  in(kind: Kind): readonly Interest[] {
    const known = this.byKind.get(kind)
    if (known) return known
    const found = interestsInDiscovered(kind, this.controllers)
    this.byKind.set(kind, found)
    return found
  }
}

/** Those who want to hear of a kind, in the order of the controllers. */
function interestsIn(kind: Kind, controllers: readonly ControllerDefinition[]): readonly Interest[] {
  const interests: Interest[] = []
  for (const controller of controllers) {
    const owns = controller.owns?.includes(kind) ?? false
    const watches = controller.watches?.filter(watch => watch.kind === kind) ?? []
    if (owns || watches.length > 0 || controller.reconciles === kind) interests.push({ controller, owns, watches })
  }
  return interests
}

/** Those who want to hear of a kind that was found while they run. */
function interestsInDiscovered(kind: Kind, controllers: readonly ControllerDefinition[]): readonly Interest[] {
  const interests: Interest[] = []
  for (const controller of controllers) {
    const { discovers } = controller
    if (!discovers) continue
    const watch: Watch = { kind, keys: (old, next, cache) => discovers.keys(kind, old, next, cache) }
    interests.push({ controller, owns: false, watches: [watch] })
  }
  return interests
}
