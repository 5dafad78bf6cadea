import { microTimestamp } from '../machinery/time.ts'
import type { Process } from '../node/runtime/program.ts'

/** Writes a line as Kubernetes' own programs log: `I0115 09:00:00.123456       1 server.go:677] "Version info"`. */
export function klog(process: Process, level: 'I' | 'W' | 'E', source: string, message: string): void {
  const time = microTimestamp(process.now)
  const stamp = `${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 26)}`
  process.log(`${level}${stamp} ${String(process.pid).padStart(7)} ${source}] ${message}`, 'stderr')
}
