import type { Parsed } from '../../../machinery/parsed.ts'
import { type Policy, readPolicy } from './policy.ts'

/** Where the log goes: to a file of a container, and how large that gets. */
export interface Sink {
  /** The runtime that has the container, and the container. */
  readonly component: string
  readonly container: string
  /** `-` for the container's own output. */
  readonly path: string
  readonly maxBytes: number
  readonly maxBackups: number
}

/** What an API server keeps for its audit log. Plain data; there is none while no policy is set. */
export interface AuditState {
  readonly policy: Policy
  readonly sink: Sink
  /** Lines that are on their way to the file. */
  pending: string[]
  /** Bytes in the file as far as this server has written them. */
  size: number
  /** Files that the log was moved to when it was full, oldest first. */
  readonly backups: string[]
  /** How many requests were looked at: what their ids are made of. */
  seen: number
  /** How many events were told, and requests by the level at which the policy wants them. */
  events: number
  readonly levels: Map<string, number>
}

/** A file is no longer than this where `--audit-log-maxsize` does not say (upstream lets it grow), and one older one is kept. */
const defaultMegabytes = 10
const defaultBackups = 1
const megabyte = 1024 * 1024

/** How a process finds its files. */
export interface Environment {
  readonly argv: readonly string[]
  readonly component: string
  readonly container: string
  read(path: string): string | undefined
}

/** What `--audit-policy-file` and the flags of the log ask for: nothing, or why the server cannot start. */
export function auditSettings({ argv, component, container, read }: Environment): Parsed<AuditState | undefined> {
  const file = flag(argv, 'audit-policy-file')
  const path = flag(argv, 'audit-log-path')
  if (file === undefined) return { value: undefined }
  const text = read(file)
  if (text === undefined) {
    const why = `failed to read file path ${JSON.stringify(file)}: open ${file}: no such file or directory`
    return { error: `loading audit policy file: ${why}` }
  }
  const policy = readPolicy(text)
  if (policy.error !== undefined) return { error: `loading audit policy file: ${policy.error}: from file ${file}` }
  // Without a log nobody listens, and nothing is told.
  if (path === undefined) return { value: undefined }
  const maxBytes = (number(argv, 'audit-log-maxsize') ?? defaultMegabytes) * megabyte
  const maxBackups = number(argv, 'audit-log-maxbackup') ?? defaultBackups
  const sink: Sink = { component, container, path, maxBytes, maxBackups }
  return {
    value: { policy: policy.value, sink, pending: [], size: 0, backups: [], seen: 0, events: 0, levels: new Map() },
  }
}

function flag(argv: readonly string[], name: string): string | undefined {
  const start = `--${name}=`
  const inline = argv.findLast(word => word.startsWith(start))
  if (inline !== undefined) return inline.slice(start.length) || undefined
  const at = argv.indexOf(`--${name}`)
  return at < 0 ? undefined : argv[at + 1]
}

function number(argv: readonly string[], name: string): number | undefined {
  const value = Number(flag(argv, name))
  return Number.isInteger(value) && value > 0 ? value : undefined
}
