import { refusalIn } from '../api/client.ts'
import type { Context, Outcome, Signal } from '../command.ts'

/** `get --raw` of something that the API server passes on: the answer comes after a while. */
export interface RawRequest {
  readonly raw: true
}

/** Whether a path leads through a Pod, a Service or a node. */
export function isProxied(path: string): boolean {
  return /\/(pods|services|nodes)\/[^/]+\/proxy(\/|\?|$)/.test(path)
}

export function sendRaw(headers: Readonly<Record<string, string>>, path: string): Outcome<RawRequest> {
  return { state: { raw: true }, streams: [{ method: 'GET', path, headers }] }
}

/** Prints the answer as it is. */
export function showRaw({ out }: Pick<Context, 'out'>, signal: Signal): Outcome<RawRequest> {
  if (signal.type === 'data') out(signal.text)
  else if (signal.type === 'end' && signal.refusal) throw refusalIn(signal.refusal)
  return undefined
}
