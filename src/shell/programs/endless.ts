import type { Load, Outcome, ProgramCall, ShellProgram } from '../host.ts'

/**
 * Commands that read a device without an end (`dd if=/dev/zero of=/dev/null`, `cat /dev/urandom > /dev/null`,
 * `tail /dev/zero`): they keep a core busy, and some keep all that they read. Nothing is read here, but the use is told.
 */
const devices = new Set(['/dev/zero', '/dev/urandom', '/dev/random'])

/** Long enough that nobody sees it end. */
const foreverMs = 86_400_000

/** One core, as a process that never waits takes it. */
export const busy: Load = Object.freeze({ cpuMillis: 1_000 })

/** Fills memory as fast as a core can: about half a GiB a second. */
const hoarding: Load = Object.freeze({ cpuMillis: 1_000, memoryGrowth: 512 * 2 ** 20 })

export function foreverBusy(load: Load = busy): Outcome {
  return { wait: 'time', ms: foreverMs, load }
}

/** The program, but for devices that have no end. `hoards` says that it keeps what it reads. */
export function readsDevices(program: ShellProgram, hoards = false): ShellProgram {
  return { run: call => (isEndless(call) ? foreverBusy(hoards ? hoarding : busy) : program.run(call)) }
}

function isEndless({ argv }: ProgramCall): boolean {
  const isBounded = argv.some(word => word.startsWith('-c') || word.startsWith('--bytes') || word === '-f')
  return !isBounded && argv.slice(1).some(word => devices.has(word))
}
