import type { Delivered, HttpRequest, HttpResponse } from '../network/exchange.ts'
import type { Process, Program } from '../node/runtime/program.ts'

/** What makes one web server differ from another. */
export interface WebServer {
  readonly port: number
  /** CPU time of one request, in ms of one core. */
  readonly cpuMs?: number
  /** What it has when nobody asks anything. Default: 6 MiB. */
  readonly memoryBytes?: number
  /** Lines that it logs when it is up. */
  banner?(process: Process): readonly string[]
  /** Why it cannot start: the port is taken. It logs this and exits. */
  portTaken?(error: string): readonly string[]
  respond(process: Process, request: HttpRequest): HttpResponse
  /** The line of its access log for a request. */
  accessLog?(process: Process, request: HttpRequest, response: HttpResponse, source: string): string
  /** Lines that it logs when it is asked to stop, and its exit code. */
  readonly goodbye?: readonly string[]
}

/** A small file, from memory. */
const requestMs = 0.2

/** A process that answers HTTP requests until it is asked to stop. It needs about 1 ms for each. */
export function webServer(server: WebServer): Program {
  return {
    init: () => ({ served: 0 }),
    start(process) {
      const error = process.listen(server.port)
      if (error !== undefined) {
        for (const line of server.portTaken?.(error) ?? [error]) process.log(line, 'stderr')
        process.exit(1)
        return
      }
      for (const line of server.banner?.(process) ?? []) process.log(line, 'stderr')
    },
    serve(process, delivered) {
      const request = delivered.http
      if (!request) {
        process.respondPayload(delivered, undefined)
        return
      }
      const response = server.respond(process, request)
      const line = server.accessLog?.(process, request, response, clientOf(delivered))
      if (line !== undefined) process.log(line)
      process.respond(delivered, response, Math.max(0.5 + process.random(), process.work(server.cpuMs ?? requestMs)))
    },
    signal(process, signal) {
      if (signal !== 'TERM' && signal !== 'INT' && signal !== 'QUIT') return
      for (const line of server.goodbye ?? []) process.log(line, 'stderr')
      process.exit(0)
    },
    usage: () => ({ cpuMillis: 1, memoryBytes: server.memoryBytes ?? 6 * 2 ** 20 }),
  }
}

function clientOf({ source }: Delivered): string {
  return source.replace(/:\d+$/, '')
}

export function page(status: number, body: string, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/html', 'Content-Length': String(body.length), ...headers }, body }
}
