import { Digest } from '../../../sim/digest.ts'
import type { Self } from '../../../sim/component.ts'
import { requestMs } from '../request-cost.ts'
import type { Verb } from '../../../machinery/rest.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { wantedOf } from './checker.ts'
import { auditEvent, type Audited } from './event.ts'
import { tell } from './log.ts'
import type { Stage } from './policy.ts'
import type { AuditState } from './settings.ts'

/**
 * Tells of a request in the audit log, as much as the policy wants: WithAudit of endpoints/filters/audit.go. A request is
 * served at one instant, so all its stages are told at its end; they have the times that they would have had.
 */
export function auditRequest(
  { options }: Server,
  self: Self<ApiServerState>,
  audit: AuditState,
  audited: Audited,
): void {
  audit.seen++
  const { request } = audited
  const wanted = wantedOf(audit.policy, request)
  audit.levels.set(wanted.level, (audit.levels.get(wanted.level) ?? 0) + 1)
  if (wanted.level === 'None') return
  const source = request.source ?? options.addressOf?.(request.from) ?? '127.0.0.1'
  const id = auditId(self.name, audit.seen)
  const receivedAt = self.now
  for (const stage of stagesOf(audited)) {
    if (wanted.omitStages.includes(stage)) continue
    const at = stage === 'RequestReceived' ? receivedAt : receivedAt + tookMs(request.verb)
    tell(self, audit, `${JSON.stringify(auditEvent(audited, wanted, { id, source, stage, receivedAt, at }))}\n`)
    audit.events++
  }
}

/** What goes on is told of when it has begun; when it ends is not known here. */
function stagesOf({ request: { verb, subresource = '' }, code }: Audited): Stage[] {
  const goesOn = (verb === 'watch' && code === 200) || (connecting.has(subresource) && code < 200)
  return ['RequestReceived', goesOn ? 'ResponseStarted' : 'ResponseComplete']
}

const connecting: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy'])

const verbs: ReadonlySet<string> = new Set([
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
])

function tookMs(verb: string): number {
  return isVerb(verb) ? requestMs(verb) : 0
}

function isVerb(verb: string): verb is Verb {
  return verbs.has(verb)
}

/** A uid that follows from server and number: chance would change what happens besides. */
function auditId(server: string, number: number): string {
  const first = new Digest().add(`${server} audit ${number}`).toString()
  const second = new Digest().add(`${number} audit ${server}`).toString()
  const variant = '89ab'.charAt(Number.parseInt(second.charAt(0), 16) % 4)
  return `${first.slice(0, 8)}-${first.slice(8, 12)}-4${first.slice(13)}-${variant}${second.slice(1, 4)}-${second.slice(4)}`
}
