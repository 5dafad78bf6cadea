import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, whatever directory the command was started in. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a command with its output streamed to ours and resolves with its exit code; never rejects, so that a missing
 * program is a failed stage and not a stack trace. Its stdin is closed: nothing here may wait for a key. With a limit
 * of time it leads a process group of its own, so that what it has started is stopped with it.
 */
export function run(command, args, { env = {}, timeoutMs = 0 } = {}) {
  return new Promise(resolve => {
    const isGroup = timeoutMs > 0 && process.platform !== 'win32'
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: isGroup,
    })
    const kill = signal => {
      if (child.pid && child.exitCode === null) process.kill(isGroup ? -child.pid : child.pid, signal)
    }
    const stopAll = signal => {
      kill(signal)
      process.exit(130)
    }
    const tooLate = () => {
      console.error(`${[command, ...args].join(' ')} took longer than ${timeoutMs / 1000} s and is stopped`)
      kill('SIGTERM')
      setTimeout(() => kill('SIGKILL'), 5_000).unref()
    }
    const timer = timeoutMs > 0 ? setTimeout(tooLate, timeoutMs) : undefined
    const done = code => {
      clearTimeout(timer)
      for (const signal of signals) process.off(signal, stopAll)
      resolve(code)
    }
    for (const signal of signals) process.on(signal, stopAll)
    child.on('error', error => {
      console.error(`${command}: ${error.message}`)
      done(127)
    })
    child.on('exit', (code, signal) => done(signal ? 128 : code))
  })
}

const signals = ['SIGINT', 'SIGTERM']

/** Runs a JavaScript file with the Node that runs us. */
export function node(script, args = [], options = {}) {
  return run(process.execPath, [script, ...args], options)
}

/** Runs a TypeScript file. */
export function tsx(script, args = [], options = {}) {
  return node('node_modules/tsx/dist/cli.mjs', [script, ...args], options)
}
