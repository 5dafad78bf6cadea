import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, whatever directory the command was started in. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a command with its output streamed to ours and resolves with its exit code; never rejects, so that a missing
 * program is a failed stage and not a stack trace. Its stdin is closed: nothing here may wait for a key.
 */
export function run(command, args, { env = {}, timeoutMs = 0, quiet = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit'],
    })
    const timer = timeoutMs > 0 ? setTimeout(() => stop(child, command, timeoutMs), timeoutMs) : undefined
    child.on('error', error => {
      clearTimeout(timer)
      if (!quiet) console.error(`${command}: ${error.message}`)
      resolve(127)
    })
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      resolve(signal ? 128 : code)
    })
  })
}

/** Runs a JavaScript file with the Node that runs us. */
export function node(script, args = [], options = {}) {
  return run(process.execPath, [script, ...args], options)
}

/** Runs a TypeScript file. */
export function tsx(script, args = [], options = {}) {
  return node('node_modules/tsx/dist/cli.mjs', [script, ...args], options)
}

function stop(child, command, timeoutMs) {
  console.error(`${command} took longer than ${timeoutMs / 1000} s and is stopped`)
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
}
