import { copyState } from '../sim/checkpoint.ts'
import type { Host } from '../shell/host.ts'
import { newShell } from '../shell/processes.ts'
import { programs } from '../shell/programs/index.ts'
import { answerProcess, execute, interrupt, run, type RunResult, timePassed } from '../shell/shell.ts'

/** A shell on a machine of its own, with a clock that jumps to whatever comes next. */
export class ShellLab {
  shell = newShell({ cwd: '/root', env: { HOME: '/root', PATH: '/usr/bin' }, name: 'bash' })
  now = 0
  /** Everything printed, with the time. */
  readonly log: [number, string][] = []
  readonly files = new Map<string, string>()
  /** What the network answers to a request, at once. */
  answers: (request: unknown) => unknown = () => undefined
  private readonly directories = new Set(['/', '/root', '/tmp', '/etc'])

  get output(): string {
    return this.log.map(([, text]) => text).join('')
  }

  /** Begins a script; returns the shell's complaint when it cannot be read. */
  start(script: string): ReturnType<typeof execute> {
    return execute(this.shell, script)
  }

  step(): RunResult {
    return run(this.shell, this.host())
  }

  /** Runs a script (or, with none, what is under way) for so many ms at the most. */
  run(script: string, mostMs = 1_000_000): void {
    const end = this.now + mostMs
    if (script !== '') {
      const fault = this.start(script)
      if (fault) throw new Error(fault.error)
    }
    for (let turns = 0; turns < 1000; turns++) {
      const result = this.step()
      if (result.done || result.wakeAt === undefined || result.wakeAt > end) break
      this.now = result.wakeAt
      timePassed(this.shell, this.now)
    }
  }

  /** Goes on with a copy of the shell's state, as after a checkpoint. */
  forget(): void {
    this.shell = copyState(this.shell)
  }

  interrupt(): void {
    interrupt(this.shell, this.host())
  }

  private host(): Host {
    const { files, directories } = this
    return {
      files: {
        read: path => files.get(path),
        write: (path, text) => files.set(path, text),
        append: (path, text) => files.set(path, (files.get(path) ?? '') + text),
        remove: path => files.delete(path) || directories.delete(path),
        list: path =>
          directories.has(path)
            ? [...files.keys(), ...directories]
                .filter(each => each !== path && each.slice(0, each.lastIndexOf('/')) === (path === '/' ? '' : path))
                .map(each => each.slice(each.lastIndexOf('/') + 1))
                .sort()
            : undefined,
        isDirectory: path => directories.has(path),
        makeDirectory: path => directories.add(path),
      },
      now: this.now,
      random: () => 0.5,
      write: (_, text) => this.log.push([this.now, text]),
      program: name => (Object.hasOwn(programs, name) ? programs[name] : undefined),
      programNames: () => Object.keys(programs),
      request: (pid, request) => answerProcess(this.shell, pid, this.answers(request)),
      cancel: () => undefined,
      hostName: 'lab',
      userName: 'root',
      addresses: ['192.168.1.5'],
    }
  }
}
