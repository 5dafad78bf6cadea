import type { RestClient } from './api/client.ts'
import type { Selection } from './api/builder.ts'
import type { Mapper } from './api/mapper.ts'
import { UsageError } from './errors.ts'
import type { Flags, FlagValues } from './flags.ts'
import type { Host } from './host.ts'
import type { Kubeconfig } from './kubeconfig.ts'

/** What a verb works with: its flags and arguments, the machine and the cluster. */
export interface Context<F extends Flags = Flags> {
  readonly flags: FlagValues<F>
  readonly args: readonly string[]
  /** How many arguments stood before `--`; -1 when there was none. */
  readonly dash: number
  /** The whole command line, program first. */
  readonly argv: readonly string[]
  /** `kubectl create configmap`. */
  readonly path: string
  readonly command: Command
  readonly root: Command
  readonly host: Host
  readonly config: Kubeconfig
  readonly namespace: string
  /** Whether the namespace was given on the command line, so that files may not name another. */
  readonly isNamespaceGiven: boolean
  readonly client: RestClient
  /** The resources that the server has, read once. */
  mapper(): Mapper
  isSet(flag: string): boolean
  out(text: string): void
  err(text: string): void
}

/** A request whose answer is a stream: a watch, `logs -f`, exec, attach, port-forward. */
export interface StreamRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What goes the other way: exec and attach; nothing for port-forward, which waits for connections. */
  readonly input?: StreamInput
}

/** A port of this machine and what is behind it. */
export interface Listener {
  readonly port: number
  readonly to:
    /** A port at the far end of one of the streams. */
    | { readonly what: 'stream'; readonly stream: number; readonly port: number }
    /** The API server, with kubectl's credentials. */
    | ({ readonly what: 'api' } & ProxyRules)
}

/** Which requests a proxy passes on, and which files it serves. Patterns are regular expressions. */
export interface ProxyRules {
  readonly apiPrefix: string
  readonly filesPrefix: string
  readonly filesFrom: string
  readonly acceptPaths: readonly string[]
  readonly rejectPaths: readonly string[]
  readonly acceptHosts: readonly string[]
  readonly rejectMethods: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** What a container's process reads. `isRaw`: each key as it is pressed, Ctrl-C among them. */
export type StreamInput =
  { readonly from: 'terminal'; readonly isRaw: boolean } | { readonly from: 'text'; readonly text: string }

/**
 * What a verb leaves when it is not done: plain data that a session keeps. The host opens the streams (closing those that
 * were open before) and calls `resume` with whatever comes first.
 */
export interface Pause<State = unknown> {
  readonly state: State
  /** Undefined: those that are open stay open, and no others. */
  readonly streams?: readonly StreamRequest[]
  /** Ports of this machine on which it answers (port-forward, proxy). Undefined: as before. */
  readonly listeners?: readonly Listener[]
  /** A file to open in the user's editor; the answer is what was saved. */
  readonly edit?: { readonly file: string; readonly text: string }
  /** Virtual time at which to go on if nothing came. */
  readonly wakeAtMs?: number
}

/** Why a verb goes on. */
export type Signal =
  | { readonly type: 'time' }
  | { readonly type: 'data'; readonly stream: number; readonly channel: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly type: 'end'
      readonly stream: number
      readonly code?: number
      readonly error?: string
      /** The server's answer, when it did not open the stream. */
      readonly refusal?: { readonly status: number; readonly body: string }
    }
  /** The editor was closed: what is in the file now; undefined when the editor failed. */
  | { readonly type: 'edited'; readonly text: string | undefined }
  /** Somebody spoke to a port on which the verb listens; `error` says why it could not be passed on. */
  | { readonly type: 'connection'; readonly port: number; readonly error?: string }

/** Nothing: all went well. A number: the exit code. */
export type Outcome<State = unknown> = number | Pause<State> | void

export interface CommandDefinition<F extends Flags = Flags, State = unknown> {
  /** The name, then what follows it in the usage line. */
  readonly use: string
  readonly aliases?: readonly string[]
  readonly short: string
  readonly long?: string
  readonly examples?: string
  readonly flags: F
  readonly commands?: readonly Command[]
  readonly hidden?: boolean
  /** Arguments after the first are not flags of kubectl's (exec without `--` is refused instead). */
  readonly wantsHelp?: boolean
  /** A group that prints its help to stdout when none of its commands is named: `kubectl rollout`. */
  readonly helpOnStdout?: boolean
  run?(context: Context<F>): Outcome<State>
  /** Goes on after a pause. */
  resume?(context: Context<F>, state: State, signal: Signal): Outcome<State>
}

export type Command = CommandDefinition

/** A verb: its flags' types reach `run` by inference. */
export function defineCommand<F extends Flags, State = undefined>(definition: CommandDefinition<F, State>): Command {
  return definition
}

export function commandName({ use }: Command): string {
  return use.split(' ', 1)[0] ?? use
}

/** A group of verbs without one of its own. */
export function defineGroup(definition: Omit<Command, 'flags' | 'run' | 'resume'>): Command {
  return { ...definition, flags: {} }
}

/** A mistake after which help is offered: cmdutil.UsageErrorf. */
export function usageError({ path }: { readonly path: string }, message: string): UsageError {
  return new UsageError(`${message}\nSee '${path} -h' for help and examples`)
}

/** The one NAME of a generator. */
export function oneName(context: Context): string {
  const [name, ...more] = context.args
  if (name !== undefined && more.length === 0) return name
  throw usageError(context, `exactly one NAME is required, got ${context.args.length}`)
}

/** Where a verb looks for its subjects. */
export function selectionOf(context: Context, more: Partial<Selection> = {}): Selection {
  const { flags, args, namespace, isNamespaceGiven } = context
  return {
    args,
    namespace,
    enforceNamespace: isNamespaceGiven,
    allNamespaces: flags['all-namespaces'] === true,
    filenames: textsIn(flags.filename),
    kustomize: textIn(flags.kustomize),
    recursive: flags.recursive === true,
    labelSelector: textIn(flags.selector),
    fieldSelector: textIn(flags['field-selector']),
    all: flags.all === true,
    ...more,
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
