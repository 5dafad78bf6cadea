import type { Scope } from './expand.ts'
import type { Step } from './step.ts'
import { write } from './streams.ts'

/** A process' variables as expansion sees them; `failed` after a mistake that it has complained of. */
export function scopeOf(
  { shell, process, host }: Step,
  substituted: readonly string[],
): Scope & { readonly failed: boolean } {
  let failed = false
  const fail = (message: string): void => {
    failed = true
    write(shell, process, 2, `${process.complainsAs ?? process.name}: ${message}\n`, host)
  }
  const special: Record<string, () => string> = {
    '?': () => String(process.status),
    $: () => String(process.pid + shell.pidOffset),
    '!': () => String(process.lastBackground + shell.pidOffset),
    '#': () => String(process.positional.length),
    '0': () => process.name,
    '-': () => 'himBH',
    RANDOM: () => String(Math.floor(host.random() * 32_768)),
    SECONDS: () => String(Math.floor(host.now / 1000) % 100_000),
    PWD: () => process.cwd,
    HOSTNAME: () => host.hostName,
  }
  return {
    get failed() {
      return failed
    },
    get(name) {
      if (/^[1-9]\d*$/.test(name)) return process.positional[Number(name) - 1]
      const value = (Object.hasOwn(special, name) ? special[name]?.() : undefined) ?? process.variables.get(name)
      if (value === undefined && process.options.nounset) fail(`${name}: unbound variable`)
      return value
    },
    set: (name, value) => process.variables.set(name, value),
    positional: process.positional,
    cwd: process.cwd,
    files: host.files,
    substituted,
    fail,
  }
}
