/**
 * What the page draws, as plain data. A scene is made from API objects and trace by pure functions in this folder, in
 * the worker; the page receives deltas of it (DESIGN.md, D11) and keeps no other picture of the cluster.
 */

/** How well something is, in one word for colour, icon and text. */
export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'idle' | 'unknown'

export type ItemType =
  | 'outside'
  | 'workstation'
  | 'machine'
  | 'component'
  | 'pod'
  | 'service'
  | 'ingress'
  | 'workload'
  | 'volume'
  | 'config'
  | 'namespace'

export interface SceneItem {
  /**
   * Stable for the life of the thing: `outside`, `machine/<name>`, `component/<name>`, `pod/<uid>`, `workload/<uid>`,
   * `service/<namespace>/<name>`, `ingress/<namespace>/<name>`, `volume/<namespace>/<name>`.
   */
  readonly id: string
  readonly type: ItemType
  readonly name: string
  readonly namespace?: string
  /** Kind, for API objects: what a card is labelled with. */
  readonly kind?: string
  /** `deployments.apps`: together with namespace and name it finds the whole object. */
  readonly resource?: string
  /** The item it is drawn inside: a Pod's machine, a component's machine. Pods with no machine have none. */
  readonly parent?: string
  readonly tone: Tone
  /** The word for the status: what `kubectl get` prints in STATUS where there is one. */
  readonly status: string
  /** Short facts for the card, already worded (`2/3`, `10.96.12.4`, `80:30000/TCP`), by meaning. */
  readonly facts: Readonly<Record<string, string>>
  /** Sort key among its siblings, so that places are stable: creation order. */
  readonly order: number
}

export type RelationType = 'owns' | 'selects' | 'routes' | 'exposes' | 'runs' | 'mounts'

export interface Relation {
  readonly id: string
  readonly type: RelationType
  readonly from: string
  readonly to: string
  /** For selects: whether the endpoint is ready to take requests. */
  readonly live?: boolean
}

/** Something that moves along an edge: a request between components, or one hop of an exchange. */
export interface Motion {
  readonly id: string
  readonly flow: 'control' | 'watch' | 'request' | 'response'
  readonly from: string
  readonly to: string
  /** Virtual times in ms since 1970. */
  readonly startAt: number
  readonly endAt: number
  readonly label: string
  readonly tone: Tone
  /** Number of the trace entry that it shows. */
  readonly trace: number
}

/** A mark on the timeline. */
export interface Mark {
  readonly at: number
  readonly type: 'input' | 'fault' | 'warning' | 'normal'
  readonly label: string
  readonly trace?: number
}

/** What changed since the last delta; a first delta, or one after a rewind, replaces everything. */
export interface SceneDelta {
  readonly reset: boolean
  readonly items: readonly SceneItem[]
  readonly removedItems: readonly string[]
  readonly relations: readonly Relation[]
  readonly removedRelations: readonly string[]
  readonly motions: readonly Motion[]
  readonly marks: readonly Mark[]
}
