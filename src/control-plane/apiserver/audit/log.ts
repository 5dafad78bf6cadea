import { microTimestamp } from '../../../machinery/time.ts'
import type { Self } from '../../../sim/component.ts'
import type { ApiServerState } from '../state.ts'
import type { AuditState } from './settings.ts'

/** What a runtime is asked to write into a container's file (node/runtime). */
export interface FileWrite {
  readonly container: string
  readonly path: string
  readonly text: string
  /** Where the file that is there is moved to before. */
  readonly moveTo?: string
  readonly remove?: readonly string[]
}

/** Puts a line on its way. All lines of one instant are written at once. */
export function tell(self: Self<ApiServerState>, audit: AuditState, line: string): void {
  if (audit.pending.length === 0) self.schedule(0, 'audit')
  audit.pending.push(line)
}

/** Hands the lines to who writes the file; a file that is full is moved away first (lumberjack). */
export function writeLog(self: Self<ApiServerState>): void {
  const { audit } = self.state
  if (!audit) return
  const text = audit.pending.join('')
  audit.pending = []
  const { component, container, path, maxBytes } = audit.sink
  const isFull = path !== '-' && audit.size > 0 && audit.size + text.length > maxBytes
  audit.size = isFull ? text.length : audit.size + text.length
  const moved = isFull ? moving(audit, self.now) : {}
  const write: FileWrite = { container, path, text, ...moved }
  self.send(component, 0, 'file', write)
}

function moving(audit: AuditState, now: number): { moveTo: string; remove: string[] } {
  const { path, maxBackups } = audit.sink
  const dot = path.lastIndexOf('.')
  const [stem, extension] = dot > path.lastIndexOf('/') ? [path.slice(0, dot), path.slice(dot)] : [path, '']
  const moveTo = `${stem}-${backupTime(now)}${extension}`
  audit.backups.push(moveTo)
  return { moveTo, remove: audit.backups.splice(0, Math.max(0, audit.backups.length - maxBackups)) }
}

/** `2026-01-15T09-00-00.000`. */
function backupTime(now: number): string {
  return microTimestamp(now).slice(0, 23).replaceAll(':', '-')
}
