/** Why a node, or every node, cannot take a Pod. No rejection means that it fits. */
export interface Rejection {
  /** 'unresolvable' if taking Pods off the node would not help either: preemption passes over it. */
  readonly code: 'unschedulable' | 'unresolvable'
  readonly reasons: readonly string[]
  /** What the verdict was based on, for the trace (DESIGN.md, D7). */
  readonly data?: unknown
}

/** With the plugin that said so. */
export interface Refusal extends Rejection {
  readonly plugin: string
}
