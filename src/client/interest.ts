import type { Kind } from '../machinery/kind.ts'
import type { ControllerDefinition, Watch } from './controller.ts'

/** What a controller wants to hear of a kind: a change of a Pod is nothing to most controllers. */
export interface Interest {
  readonly controller: ControllerDefinition
  readonly owns: boolean
  readonly watches: readonly Watch[]
}

/** Those who want to hear of a kind, in the order of the controllers. */
export function interestsIn(kind: Kind, controllers: readonly ControllerDefinition[]): readonly Interest[] {
  const interests: Interest[] = []
  for (const controller of controllers) {
    const owns = controller.owns?.includes(kind) ?? false
    const watches = controller.watches?.filter(watch => watch.kind === kind) ?? []
    if (owns || watches.length > 0 || controller.reconciles === kind) interests.push({ controller, owns, watches })
  }
  return interests
}
