import type { StreamRef } from '../../machinery/streams.ts'
import type { ShellState } from '../../shell/state.ts'
import type { Self } from '../../sim/component.ts'
import type { Listener, StreamInput } from '../../tools/kubectl/command.ts'
import type { EditRequest } from '../../tools/machine/editor.ts'

/** A terminal: its shells, and what they have printed that nobody has seen yet. Plain data. */
export interface TerminalState {
  readonly levels: Level[]
  /** Text since it was last taken, and how the command ended if it did. */
  output: string
  finished: number | undefined
  /** A command is running. */
  busy: boolean
  /** Streams of programs that go on, by process. */
  readonly following: Map<number, Following>
  /** A file that the user has open in the editor, and the process that waits for it. */
  editing: { readonly key: number; readonly file: string; readonly text: string } | undefined
  /** What the page was told last of what is read and edited. */
  told: string
  /** The event that wakes the shells next, and when. */
  wake: { readonly event: number; readonly at: number } | undefined
}

export type TerminalSelf = Self<TerminalState>

/** A shell of a terminal: the first is where the terminal was opened, the others are at the far ends of ssh. */
export interface Level {
  readonly shell: ShellState
  readonly machine: string
  /** The ssh below that waits for this shell; undefined for the first. */
  readonly caller?: number
  /** Ends with its one command: `ssh NODE COMMAND`. */
  readonly isOneCommand: boolean
  /** Lines of a command that is not complete yet. */
  partial: string
}

/** What a program that goes on has open. */
export interface Following {
  readonly streams: readonly Open[]
  /** Ports of the machine on which it answers. */
  readonly listeners: readonly Listener[]
  /** The event that resumes it if nothing comes. */
  readonly timer?: number
}

/** A watch, a connection that carries text both ways, or one that was refused. */
export type Open =
  | { readonly path: string; readonly watchId: number }
  | { readonly path: string; readonly ref: StreamRef; readonly input?: StreamInput }
  | { readonly path: string; readonly refused: true }

/** Lets the user edit a file; whoever asked is answered when it was saved. */
export function openEditor({ state }: TerminalSelf, key: number, { file, text }: EditRequest): void {
  state.editing = { key, file, text }
}
