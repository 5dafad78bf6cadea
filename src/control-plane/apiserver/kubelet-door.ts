import type { WatchTarget } from '../../machinery/rest.ts'
import type { StreamRef, StreamRequest } from '../../machinery/streams.ts'

/** How the API server reaches kubelets, and what it proxies to. Failures on the way are ApiErrors. */
export interface KubeletDoor {
  /** What `GET /containerLogs/…` of the kubelet answers. */
  logs(node: string, request: LogRequest): string
  /** Opens a connection through a kubelet: what comes goes to the target as events `stream`. */
  open(node: string, opening: StreamOpening, target: WatchTarget): StreamRef | KubeletRefusal
  /** Sends a request on from an API server. The target gets the `answer`, and the `end`. */
  proxy(server: string, request: ProxyRequest, target: WatchTarget): StreamRef
}

/** A kubelet's own answer to a request that it does not serve: plain text, which the API server passes on. */
export interface KubeletRefusal {
  readonly refused: number
  readonly text: string
}

export interface LogRequest {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly previous: boolean
  readonly timestamps: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly limitBytes?: number
}

interface OfPod {
  readonly namespace: string
  readonly pod: string
}

export type StreamOpening =
  | ({ readonly kind: 'log' } & LogRequest)
  | ({ readonly kind: 'port-forward' } & OfPod)
  | ({
      readonly kind: 'exec'
      readonly container: string
      readonly command: readonly string[]
      readonly stdin: boolean
      readonly tty: boolean
    } & OfPod)
  | ({ readonly kind: 'attach'; readonly container: string; readonly stdin: boolean; readonly tty: boolean } & OfPod)

/** Where a proxied request goes: a port of a Pod, or of the kubelet of a machine. */
export interface ProxyRequest {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  /** After how many ms it is given up. */
  readonly timeoutMs?: number
  readonly http: NonNullable<StreamRequest['http']>
}
