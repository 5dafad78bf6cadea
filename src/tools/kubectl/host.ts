import type { Docs } from '../../machinery/docs.ts'

// What kubectl asks of the machine it runs on. It speaks HTTP and nothing else: there is no other way to a cluster.

export interface HttpRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** A connection to an API server with the credentials of one user. */
export interface KubeClient {
  send(request: HttpRequest): HttpResponse
}

/** Where a kubeconfig's context leads. */
export interface Endpoint {
  /** `https://192.168.1.10:6443`. */
  readonly server: string
  /** Name of the user in the kubeconfig. */
  readonly user: string
  readonly token?: string
  /** Certificate and key that the connection shows, in PEM. */
  readonly client?: { readonly certificate: string; readonly key: string }
}

/** Names under which a request carries its connection's certificate to the machine: no headers, as in HTTP/2. */
export const shown = { certificate: ':client-certificate', key: ':client-key' } as const

export interface Files {
  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined
  /** Names in a folder; undefined when it is none. */
  list(path: string): readonly string[] | undefined
  write(path: string, text: string): void
}

/** The machine, at one moment. */
export interface Host {
  readonly files: Files
  readonly env: Readonly<Record<string, string>>
  /** The working directory; without it, that of the environment's HOME. */
  readonly cwd?: string
  /** Virtual time in ms since 1970. */
  readonly now: number
  /** All that was written to stdin. */
  stdin(): string
  /** A connection; undefined when nobody listens there. */
  connect(endpoint: Endpoint): KubeClient | undefined
  /** A number in [0, 1) of the session's random stream: for names of debugging Pods and the like. */
  random(): number
  /** What `kubectl explain` tells of types and fields: large, so that machines without it tell less. */
  readonly docs?: Docs
  /** The text at an address of the web, if the web has it. */
  web?(url: string): string | undefined
  /** Whether nobody listens on a port of this machine. Undefined: nobody can listen here. */
  isPortFree?(port: number): boolean
  /** Somebody sits at a terminal and types: stdin is no pipe and no file. */
  readonly isTerminal?: boolean
}
