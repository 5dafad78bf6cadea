import type { Image } from '../node/runtime/image.ts'
import type { Process, Program, Usage } from '../node/runtime/program.ts'
import { klog } from './klog.ts'
import { withShell } from './shell/with-shell.ts'

const mebibyte = 2 ** 20
/** How fast one worker touches memory that it was given: bytes a second. */
const touchingSpeed = 1_024 * mebibyte
/** A worker that only holds what it has. */
const holdingMillis = 5

/** What a run of stress is to do. */
interface Stress {
  readonly cpu: number
  readonly workers: number
  readonly bytes: number
  /** Workers keep their memory instead of taking it again and again. */
  readonly hangs: boolean
  readonly startedAt: number
  readonly timeoutSeconds: number
}

const sizes: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1_024, m: mebibyte, g: 1_024 * mebibyte }

/** stress 1.0.4 and, as far as they agree, stress-ng: --cpu, --vm, --vm-bytes, --vm-hang, --vm-keep, --timeout. */
function stress(name: string): Program<Stress> {
  return {
    init: process => stressOf(process),
    start(process) {
      const { cpu, workers, timeoutSeconds } = process.state
      if (cpu + workers === 0) {
        process.log(`Usage: ${name} [OPTION [ARG]] ...`)
        process.exit(process.argv.length > 1 ? 1 : 0)
        return
      }
      process.log(`${name}: info: [${process.pid}] dispatching hogs: ${cpu} cpu, 0 io, ${workers} vm, 0 hdd`)
      if (timeoutSeconds > 0) process.setTimer(timeoutSeconds * 1_000, 'over')
      setFullTimer(process)
    },
    timer(process, data) {
      if (data !== 'over') return
      process.log(`${name}: info: [${process.pid}] successful run completed in ${process.state.timeoutSeconds}s`)
      process.exit(0)
    },
    usage: usageOf,
  }
}

function usageOf({ state, now }: Process<Stress>): Usage {
  const { cpu, workers, bytes, hangs, startedAt } = state
  const most = workers * bytes + mebibyte
  const growth = workers * touchingSpeed
  const taken = mebibyte + Math.round(((now - startedAt) / 1_000) * growth)
  const cpuMillis = cpu * 1_000 + workers * (hangs && taken >= most ? holdingMillis : 1_000)
  if (taken >= most) return { cpuMillis, memoryBytes: most }
  return { cpuMillis, memoryBytes: taken, memoryGrowth: growth, memoryMost: most }
}

/** Rings when all memory is taken: from then on it is only held. */
function setFullTimer(process: Process<Stress>): void {
  const { workers, bytes } = process.state
  if (workers > 0) process.setTimer(Math.ceil((bytes / touchingSpeed) * 1_000) + 1, 'full')
}

function stressOf({ argv, now }: Process): Stress {
  const count = (...names: string[]): number => Number(option(argv, names) ?? 0) || 0
  return {
    cpu: count('--cpu', '-c'),
    workers: count('--vm', '-m'),
    bytes: bytesIn(option(argv, ['--vm-bytes']) ?? '256M'),
    hangs: option(argv, ['--vm-hang', '--vm-keep']) !== undefined,
    startedAt: now,
    timeoutSeconds: secondsIn(option(argv, ['--timeout', '-t']) ?? '0'),
  }
}

/** The value of an option, `--vm 1` or `--vm=1`; empty for one at the end. */
function option(argv: readonly string[], names: readonly string[]): string | undefined {
  const index = argv.findIndex(word => names.includes(word.split('=')[0] ?? ''))
  if (index < 0) return undefined
  const word = argv[index] ?? ''
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : (argv[index + 1] ?? '')
}

function bytesIn(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([bkmg]?)i?$/i.exec(text) ?? []
  return Number(digits) * (sizes[unit.toLowerCase()] ?? 1)
}

const lengths: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }

function secondsIn(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? []
  return Number(digits) * (lengths[unit] ?? 1)
}

/** vish/stress of the task "Assign CPU Resources": -cpus, -mem-total. */
const goStress: Program<Stress> = {
  init({ argv, now }) {
    const bytes = bytesIn(option(argv, ['-mem-total', '--mem-total']) ?? '0')
    const cpu = Number(option(argv, ['-cpus', '--cpus']) ?? 0) || 0
    return { cpu, workers: bytes > 0 ? 1 : 0, bytes, hangs: true, startedAt: now, timeoutSeconds: 0 }
  },
  start(process) {
    const { cpu, bytes } = process.state
    const amount = bytes === 0 ? '0' : `${Math.floor(bytes / mebibyte)}Mi`
    klog(
      process,
      'I',
      'main.go:26',
      `Allocating "${amount}" memory, in "4Ki" chunks, with a 1ms sleep between allocations`,
    )
    for (let thread = 0; thread < cpu; thread++) klog(process, 'I', 'main.go:39', 'Spawning a thread to consume CPU')
    klog(process, 'I', 'main.go:29', `Allocated "${amount}" memory`)
    setFullTimer(process)
  },
  usage: usageOf,
}

const anyTag = (): boolean => true

/** Images that do nothing but use CPU and memory: those of the tasks about resources, and others that people know. */
export const stressImages: readonly Image[] = [
  {
    repository: 'docker.io/polinux/stress',
    hasTag: anyTag,
    sizeBytes: 4_041_495,
    command: ['stress', '--help'],
    programs: withShell('alpine', { stress: stress('stress') }),
  },
  {
    repository: 'docker.io/progrium/stress',
    hasTag: anyTag,
    sizeBytes: 282_000_000,
    entrypoint: ['/usr/bin/stress', '--verbose'],
    programs: withShell('debian', { '/usr/bin/stress': stress('stress'), stress: stress('stress') }),
  },
  {
    repository: 'docker.io/alexeiled/stress-ng',
    hasTag: anyTag,
    sizeBytes: 1_700_000,
    entrypoint: ['/stress-ng'],
    programs: { '/stress-ng': stress('stress-ng'), 'stress-ng': stress('stress-ng') },
  },
  {
    repository: 'docker.io/vish/stress',
    hasTag: anyTag,
    sizeBytes: 1_600_000,
    entrypoint: ['/stress', '-logtostderr'],
    programs: { '/stress': goStress },
  },
]
