import type { SimEvent } from './event-queue.ts'

/**
 * What a component's handlers get: its own state and what it may do with time and chance. There is one for each
 * component of a simulation; it outlives checkpoints, so it must not be asked for `state` once and for all.
 */
export interface Self<State> {
  readonly name: string
  readonly state: State
  /** Virtual time in ms since 1970. */
  readonly now: number
  /** The next number of the component's own random stream, in [0, 1). */
  random(): number
  /** Schedules an event for this component and returns its number, for `cancel`. */
  schedule(delayMs: number, type: string, data?: unknown): number
  /** Schedules an event for another component. One that is gone by then is not told. */
  send(to: string, delayMs: number, type: string, data?: unknown): number
  /** Takes back an event that has not happened yet. */
  cancel(eventNumber: number): void
  /** Leaves evidence in the trace. `data` must not be changed afterwards. */
  record(type: string, data: unknown): void
}

/**
 * A sort of component: state plus handlers (idea 2 of DESIGN.md). State is plain data: objects, arrays, Maps, Sets,
 * strings, numbers, booleans and frozen API objects, in a tree. A handler of an event type that is not listed does not
 * exist: such an event is a bug and stops the simulation.
 */
export interface ComponentDefinition<State> {
  readonly type: string
  readonly on: Readonly<Record<string, (self: Self<State>, data: never, event: SimEvent) => void>>
}

/** Names the state type once and checks the handlers against it. */
export function defineComponent<State>(definition: ComponentDefinition<State>): ComponentDefinition<State> {
  return definition
}
