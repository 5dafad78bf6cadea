import { signalName, signalNumbers, signalProcess, trapSignal } from './signals.ts'
import { type Builtin, complain, type Step } from './step.ts'
import { write } from './streams.ts'

/** Builtins about processes and signals. `exec` with a command is in run.ts: it starts one. */
export const processBuiltins: Readonly<Record<string, Builtin>> = { trap, kill, wait, jobs: () => 0 }

function trap(step: Step, [, ...words]: readonly string[]): number {
  const { shell, process, host } = step
  if (words[0] === '--') words.shift()
  if (words.length === 0 || words[0] === '-p') {
    for (const [name, commands] of process.traps) {
      const shown = name === 'EXIT' ? name : `SIG${name}`
      write(shell, process, 1, `trap -- '${commands.replace(/'/g, "'\\''")}' ${shown}\n`, host)
    }
    return 0
  }
  const [action = '', ...signals] = words
  const resets = action === '-' || signals.length === 0
  let status = 0
  for (const signal of signals.length === 0 ? [action] : signals) {
    const name = signalName(signal)
    if (name === undefined) {
      complain(step, `trap: ${signal}: invalid signal specification`)
      status = 1
    } else if (resets) process.traps.delete(name)
    else process.traps.set(name, action)
  }
  return status
}

function kill(step: Step, [, ...words]: readonly string[]): number {
  let name: string | undefined = 'TERM'
  const [first = ''] = words
  if (first === '-l') {
    const names = Object.keys(signalNumbers).filter(each => each !== 'EXIT')
    write(step.shell, step.process, 1, `${names.join(' ')}\n`, step.host)
    return 0
  }
  if (first === '-s' || first === '-n') name = signalName(words.splice(0, 2)[1] ?? '')
  else if (/^-./.test(first)) name = signalName(words.shift() ?? '')
  if (name === undefined) {
    complain(step, `kill: ${first.replace(/^-/, '')}: invalid signal specification`)
    return 1
  }
  if (words.length === 0) {
    complain(step, 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]')
    return 2
  }
  const isProbe = name === 'EXIT'
  return Math.max(...words.map(word => killOne(step, word, name, isProbe)))
}

function killOne(step: Step, word: string, name: string, isProbe: boolean): number {
  const { shell, process, host } = step
  const pid = word.startsWith('%') ? process.lastBackground : Number(word) - shell.pidOffset
  if (Number.isNaN(pid)) {
    complain(step, `kill: ${word}: arguments must be process or job IDs`)
    return 1
  }
  const target = shell.processes.get(pid)
  if (!target || target.exited !== undefined) {
    if (!isProbe && host.kill?.(Number(word), name) === true) return 0
    complain(step, `kill: (${word}) - No such process`)
    return 1
  }
  if (isProbe) return 0
  // Process 1 of a container gets no signal that it has no trap for, and an interactive shell no TERM.
  if (target.parent === undefined && (shell.pidOffset === 0 || shell.tty || shell.stdin === undefined)) {
    trapSignal(shell, target, name)
  } else signalProcess(shell, host, target, name)
  return 0
}

function wait({ shell, process }: Step, [, ...words]: readonly string[]): number | undefined {
  const named = words
    .filter(word => !word.startsWith('-'))
    .map(word => {
      return word.startsWith('%') ? process.lastBackground : Number(word) - shell.pidOffset
    })
  if (named.some(pid => shell.processes.get(pid)?.parent !== process.pid)) return 127
  const running = [...shell.processes.values()].filter(
    child => child.parent === process.pid && child.exited === undefined,
  )
  const pids = named.length > 0 ? named : running.map(({ pid }) => pid)
  if (pids.length === 0) return 0
  process.stack.push({ type: 'pipeline', pids, negated: false, interruptible: true })
  const open = running.filter(({ pid }) => pids.includes(pid)).map(({ pid }) => pid)
  if (open.length > 0) process.waiting = { for: 'child', pids: open }
  return undefined
}
