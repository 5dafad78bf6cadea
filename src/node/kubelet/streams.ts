import type { LogOptions } from '../runtime/listing.ts'
import type { RuntimeState } from '../runtime/state.ts'
import type { OpenStream } from '../runtime/streams.ts'
import { findWorker, loggedContainer } from './logs.ts'
import type { KubeletState } from './state.ts'

/** A connection that the API server asks for: `/exec`, `/attach`, `/portForward` and `/containerLogs?follow` of port 10250. */
export type Connection = { readonly namespace: string; readonly pod: string } & (
  | {
      readonly kind: 'exec'
      readonly container: string
      readonly command: readonly string[]
      readonly stdin: boolean
      readonly tty: boolean
    }
  | { readonly kind: 'attach'; readonly container: string; readonly stdin: boolean; readonly tty: boolean }
  | ({ readonly kind: 'log'; readonly container: string } & LogOptions)
  | { readonly kind: 'port-forward' }
)

/** Why there is none: an HTTP status and plain text. */
export interface Refusal {
  readonly refused: number
  readonly text: string
}

/**
 * What the runtime is to open for a connection, or the kubelet's refusal (pkg/kubelet/server/server.go, getExec and the
 * like). Throws ApiError for logs that are not there.
 */
export function streamFor(
  kubelet: KubeletState,
  runtime: RuntimeState,
  connection: Connection,
): OpenStream['what'] | Refusal {
  if (connection.kind === 'log') {
    const { kind, namespace, pod, container, ...options } = connection
    const { id } = loggedContainer(kubelet, runtime, { namespace, pod, container }, options)
    return { kind, container: id, options }
  }
  const worker = findWorker(kubelet, connection.namespace, connection.pod)
  if (!worker) return { refused: 404, text: 'pod does not exist' }
  if (connection.kind === 'port-forward') {
    const { sandbox } = worker
    if (!sandbox?.ready) return { refused: 500, text: `pod not found ("${connection.pod}_${connection.namespace}")` }
    return { kind: 'port-forward', sandbox: sandbox.id }
  }
  const record = worker.containers.get(connection.container)
  if (record?.state !== 'running' || record.id === undefined) {
    return { refused: 500, text: `container not found ("${connection.container}")` }
  }
  const { stdin, tty } = connection
  if (connection.kind === 'attach') return { kind: 'attach', container: record.id, stdin, tty }
  return { kind: 'exec', container: record.id, command: connection.command, stdin, tty }
}
