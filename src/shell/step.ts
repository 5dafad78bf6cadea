import type { Host } from './host.ts'
import type { Frame, ProcessState, ShellState } from './state.ts'
import { write } from './streams.ts'

/** What one step needs. */
export interface Step {
  readonly shell: ShellState
  readonly process: ProcessState
  readonly host: Host
}

/** A command that the shell carries out itself. Returns its status, or undefined when it leaves a frame that will. */
export type Builtin = (step: Step, argv: readonly string[]) => number | undefined

export type NodeFrame = Extract<Frame, { type: 'node' }>

/** Writes a message as the shell itself does. */
export function complain({ shell, process, host }: Step, message: string): void {
  write(shell, process, 2, `${process.complainsAs ?? process.name}: ${message}\n`, host)
}
