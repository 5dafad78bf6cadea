/** What an object is called wherever it is pointed at: `resource` is `pods` or `deployments.apps`. */
export interface ObjectRef {
  readonly resource: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
}

/**
 * What components leave in the trace (idea 3 of DESIGN.md): the type of an entry and its data. The page's animations,
 * the audit log, explanations and lesson checks read these and nothing else.
 */
export interface Evidence {
  /** One API request with what each stage of the pipeline said. */
  request: RequestEvidence
  /** Changes that reached a watcher. */
  watch: {
    readonly watchId: number
    readonly to: string
    readonly resource: string
    readonly revision: number
    readonly count: number
  }
  /** A controller took a key from its queue and is done with it. */
  work: WorkEvidence
  /** What the scheduler decided about a Pod, with every node's verdict. */
  scheduling: SchedulingEvidence
  /** A call from the kubelet to its container runtime. */
  cri: {
    readonly node: string
    readonly call: string
    readonly pod: ObjectRef
    readonly container?: string
    readonly image?: string
    readonly error?: string
    readonly tookMs?: number
  }
  probe: {
    readonly node: string
    readonly pod: ObjectRef
    readonly container: string
    readonly probe: 'startup' | 'liveness' | 'readiness'
    readonly result: 'success' | 'failure' | 'unknown'
    readonly output: string
    readonly failures: number
  }
  /** A process of a container started, got a signal or ended. */
  process: {
    readonly node: string
    readonly pod?: ObjectRef
    readonly container: string
    readonly what: 'started' | 'signal' | 'exited'
    readonly signal?: string
    readonly exitCode?: number
  }
  /** A request on the network began, went one hop, or ended. Hops of one exchange share its id. */
  exchange: ExchangeEvidence
  hop: HopEvidence
  /** Something was broken or mended on purpose. */
  fault: { readonly what: string; readonly target: string; readonly detail?: string }
  /** A user's input, by its number in the session's log. */
  input: { readonly number: number; readonly what: string }
}

/** A trace entry whose type says what its data is. */
export interface EvidenceEntry<Type extends keyof Evidence = keyof Evidence> {
  readonly seq: number
  readonly at: number
  readonly by: string
  readonly type: Type
  readonly data: Evidence[Type]
}

/** Whether a trace entry is evidence of this type. Components record what `Evidence` declares, so the type decides. */
export function isEvidence<Type extends keyof Evidence>(
  entry: { readonly type: string },
  type: Type,
): entry is EvidenceEntry<Type> {
  return entry.type === type
}

export interface RequestEvidence {
  /** As rules name it; of what is no resource the HTTP method in small letters, and the path is the target's name. */
  readonly verb: string
  readonly target: ObjectRef
  readonly subresource?: string
  readonly user: string
  readonly userAgent: string
  /** The component that asked, where it is one of the simulation's. */
  readonly from?: string
  /** HTTP status of the answer. */
  readonly code: number
  readonly message?: string
  /** Stages in the order passed; the last one is where a refused request ended. */
  readonly stages: readonly StageEvidence[]
  /** etcd revision of the write, for requests that wrote. */
  readonly revision?: number
}

export interface StageEvidence {
  readonly stage:
    | 'authentication'
    | 'impersonation'
    | 'authorization'
    | 'mutating admission'
    | 'validation'
    | 'validating admission'
    | 'storage'
  readonly verdict: string
  readonly by?: string
  /** Why, where there is more to say: the binding that allows it, the rule that forbids it. */
  readonly detail?: string
}

export interface WorkEvidence {
  readonly controller: string
  readonly key: string
  readonly result: 'done' | 'retried' | 'requeued'
  readonly error?: string
  readonly tookMs: number
  readonly queued: number
}

export interface SchedulingEvidence {
  readonly pod: ObjectRef
  readonly profile: string
  readonly node?: string
  readonly message?: string
  /** Feasible nodes, the chosen one among them. */
  readonly feasible: Feasible
  readonly refused: readonly NodeVerdict[]
}

/** Nodes that could take a Pod: a column for each plugin, because one decision may be about hundreds of nodes. */
export interface Feasible {
  readonly nodes: readonly string[]
  /** Weighted scores by plugin, when there was a choice; the order of `nodes`. */
  readonly scores?: Readonly<Record<string, Float64Array>>
  readonly totals?: Float64Array
}

/** A scheduling decision node by node: feasible ones first. */
export function nodeVerdicts({ feasible, refused }: SchedulingEvidence): NodeVerdict[] {
  const { nodes, scores, totals } = feasible
  const verdicts = nodes.map((node, i): NodeVerdict => {
    if (!scores || !totals) return { node }
    const own = Object.entries(scores).map(([plugin, column]): [string, number] => [plugin, column[i] ?? 0])
    return { node, scores: Object.fromEntries(own), total: totals[i] ?? 0 }
  })
  return [...verdicts, ...refused]
}

export interface NodeVerdict {
  readonly node: string
  /** The plugin that refused the node and why; absent when the node was feasible. */
  readonly refusedBy?: string
  readonly reasons?: readonly string[]
  readonly data?: unknown
  /** Weighted score of each plugin, for feasible nodes when there was a choice. */
  readonly scores?: Readonly<Record<string, number>>
  readonly total?: number
}

export interface ExchangeEvidence {
  readonly exchange: number
  readonly phase: 'begin' | 'end'
  readonly from: string
  readonly url: string
  readonly method: string
  /** At the end: the HTTP status, or the error as a client prints it. */
  readonly status?: number
  readonly error?: string
  readonly tookMs?: number
}

export interface HopEvidence {
  readonly exchange: number
  /** Ids of places on the way: the scene's item ids (scene/model.ts). */
  readonly from: string
  readonly to: string
  readonly direction: 'request' | 'response'
  readonly latencyMs: number
  /** The rule that chose this way, or dropped the packet. */
  readonly rule?: string
  readonly verdict: 'forwarded' | 'delivered' | 'dropped' | 'refused'
  readonly source: string
  readonly destination: string
}
