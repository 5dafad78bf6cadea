import type { HttpResponse } from '../network/exchange.ts'
import type { Process } from '../node/runtime/program.ts'

/** Opens ports for a process. One that is taken ends it, with the words in which Go programs say so. */
export function listenOrExit(process: Process, ports: readonly (readonly [number, 'tcp' | 'udp'])[]): boolean {
  for (const [port, protocol] of ports) {
    try {
      process.listen(port, protocol)
    } catch {
      process.log(`listen ${protocol} :${port}: bind: address already in use`, 'stderr')
      process.exit(1)
      return false
    }
  }
  return true
}

/** A short answer of a health or metrics port. */
export function plain(status: number, body: string): HttpResponse {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(body.length) }
  return { status, headers, body }
}

export const notFound = plain(404, '404 page not found\n')
