import type { JsonObject } from '../../machinery/json-value.ts'
import type { ApiError } from '../../machinery/status.ts'
import { type Info, infoPath } from './api/builder.ts'
import { refusalIn } from './api/client.ts'
import type { Context, Outcome, Signal, StreamInput } from './command.ts'
import { Exit, UsageError } from './errors.ts'
import { nameOf, namespaceOf, textAt } from './unstructured.ts'

// Streams to a Pod's containers: exec, attach, cp (kubectl/pkg/cmd/exec/exec.go).

/** Opens a stream to a Pod's container, as kubectl upgrades its connection. */
export function openStream<State>(
  context: Context,
  pod: JsonObject,
  subresource: 'exec' | 'attach',
  query: readonly (readonly string[])[],
  input: StreamInput | undefined,
  state: State,
): Outcome<State> {
  const { client, mapper } = context
  if (textAt(pod, 'spec', 'nodeName') === '') {
    throw new UsageError(`unable to upgrade connection: pod ${nameOf(pod)} does not have a host assigned`)
  }
  const resource = mapper().ofGroup('', 'pods')
  const info: Info = { resource, namespace: namespaceOf(pod), name: nameOf(pod) }
  const words = query.map(pair => pair.map(encodeURIComponent).join('=')).join('&')
  const path = `${infoPath(info, subresource)}?${words}`
  return { state, streams: [{ method: 'POST', path, headers: client.headers, ...(input && { input }) }] }
}

/** Whether the session is that of a terminal: `-t` with an input that is one. */
export function setUpTerminal({ err, flags, host }: Context, wantsTerminal = flags.tty === true): boolean {
  if (flags.stdin !== true || !wantsTerminal) return false
  if (host.isTerminal === true) return true
  if (flags.quiet !== true) err('Unable to use a TTY - input is not a terminal or the right kind of file\n')
  return false
}

/** What the container reads: what is typed, or all of kubectl's own input. */
export function asInput({ flags, host }: Context, isRaw: boolean): StreamInput | undefined {
  if (flags.stdin !== true) return undefined
  if (host.isTerminal === true) return { from: 'terminal', isRaw }
  return { from: 'text', text: host.stdin() }
}

/** Prints what a stream brought. Returns whether it brought anything. */
export function shownData({ err, out }: Context, signal: Signal): boolean {
  if (signal.type !== 'data') return false
  if (signal.channel === 'stderr') err(signal.text)
  else out(signal.text)
  return true
}

/** How a verb ends with its stream. */
export function endOfStream({ err }: Context, signal: Extract<Signal, { type: 'end' }>): undefined {
  const { code = 0, error, refusal } = signal
  if (refusal) throw upgradeFailure(refusal)
  if (error !== undefined) throw new UsageError(error)
  if (code === 0) return undefined
  err(`command terminated with exit code ${code}\n`)
  throw new Exit(code)
}

/** Why a connection was not upgraded: the server's Status, or the text of a kubelet (client-go's spdy.NewConnection). */
export function upgradeFailure(refusal: { readonly status: number; readonly body: string }): ApiError | UsageError {
  if (refusal.body.startsWith('{')) return refusalIn(refusal)
  return new UsageError(`unable to upgrade connection: ${refusal.body.trim()}`)
}
