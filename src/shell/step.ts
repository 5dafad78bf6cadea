import type { Host } from './host.ts'
import type { Frame, ProcessState, ShellState } from './state.ts'
import { write } from './streams.ts'

/** What one step needs. */
export interface Step {
  readonly shell: ShellState
  readonly process: ProcessState
  readonly host: Host
}

export type NodeFrame = Extract<Frame, { type: 'node' }>

/** Writes a message as the shell itself does. */
export function complain({ shell, process, host }: Step, message: string): void {
  write(shell, process, 2, `${process.complainsAs ?? process.name}: ${message}\n`, host)
}
