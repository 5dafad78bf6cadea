// The kubectl of this machine, a program that nobody here wrote: found on the PATH or named by `KUBECTL`.

import { execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { RecordedOutput } from '../golden-kubectl.ts'

export interface RealKubectl {
  readonly path: string
  /** `v1.36.2`. */
  readonly version: string
  /** 36. */
  readonly minor: number
}

export interface ProcessOptions {
  readonly cwd: string
  /** The whole environment: nothing is taken over from ours but the PATH. */
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | undefined
  /** Interrupt it after that long, as Ctrl-C does. */
  readonly seconds?: number | undefined
}

/** The kubectl of this machine, or undefined when it has none. Throws when `KUBECTL` names something else. */
export function findKubectl(): RealKubectl | undefined {
  const named = process.env['KUBECTL']
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const path = named || folders.map(folder => join(folder, 'kubectl')).find(isProgram)
  if (!path) return undefined
  const words = ['version', '--client', '-o', 'json']
  const answer: unknown = JSON.parse(execFileSync(path, words, { encoding: 'utf8', env: { HOME: '/nonexistent' } }))
  const version = /"gitVersion":"(v1\.(\d+)[^"]*)"/.exec(JSON.stringify(answer))
  if (!version) throw new Error(`${path} is no kubectl: it does not say its version`)
  return { path, version: version[1] ?? '', minor: Number(version[2]) }
}

/** Says in capitals, on the way to a test's name, that a test of the real kubectl has nothing to test with. */
export function noKubectl(what: string): string {
  const words = `NO KUBECTL ON THIS MACHINE: ${what}`
  process.stderr.write(
    `\n${'!'.repeat(80)}\n${words}.\nPut one on the PATH or name it in KUBECTL.\n${'!'.repeat(80)}\n\n`,
  )
  return words
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** How long a process may take before the test gives it up, in ms. */
const patienceMs = 60_000

/** Runs it with words of a command line, to its end or until it is interrupted. */
export function runKubectl(
  { path }: RealKubectl,
  words: readonly string[],
  { cwd, env, stdin, seconds }: ProcessOptions,
): Promise<RecordedOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, words, { cwd, env: { PATH: process.env['PATH'], ...env }, argv0: 'kubectl' })
    const out: Buffer[] = []
    const err: Buffer[] = []
    let isInterrupted = false
    const interrupt = (): void => {
      isInterrupted = true
      child.kill('SIGINT')
    }
    const timer = seconds === undefined ? undefined : setTimeout(interrupt, seconds * 1000)
    const late = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    child.stdout.on('data', (piece: Buffer) => void out.push(piece))
    child.stderr.on('data', (piece: Buffer) => void err.push(piece))
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(timer)
      clearTimeout(late)
      const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()]
      resolve({ code: isInterrupted ? null : code, stdout, stderr })
    })
    // Who reads no input may have gone before it is written.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin ?? '')
  })
}
