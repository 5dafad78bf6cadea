import type { StageEvidence } from '../../../machinery/evidence.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { ApiError, forbidden } from '../../../machinery/status.ts'
import { authenticate } from '../authentication/authenticate.ts'
import { impersonate, type Impersonation } from '../authentication/impersonation.ts'
import { type Access, nameIn, refusal } from '../authorization/access.ts'
import { countAccess } from '../metrics/count.ts'
import { recordRefusal } from '../pipeline.ts'
import type { Exchange, Passed } from './exchange.ts'
import { header, headerValues, type HttpRequest } from './message.ts'
import { requestInfo } from './request-info.ts'

/** Authentication, impersonation and authorisation of an HTTP request, before anything of it is looked at. */
export function passGate(exchange: Omit<Exchange, 'passed'>): Passed {
  const { server, self, request } = exchange
  const { authorizer, options } = server
  const etcd = options.etcd()
  const info = requestInfo(exchange)
  const stages: StageEvidence[] = []
  let user: UserInfo = nobody
  let impersonator: UserInfo | undefined
  try {
    const authorization = header(request, 'Authorization')
    const credentials = { authorization, certificate: request.certificate, now: self.now, etcd }
    const found = authenticate(options.authentication ?? {}, credentials)
    self.state.counters.authenticated++
    stages.push({ stage: 'authentication', verdict: 'known', by: found.by })
    user = found.user
    user = impersonate(found.user, wantedUser(request), authorizer, etcd, stages)
    if (user !== found.user) impersonator = found.user
    const access: Access = { ...info, user }
    const { allowed, reason, by } = authorizer.authorize(access, etcd)
    stages.push({
      stage: 'authorization',
      verdict: allowed ? 'allowed' : 'denied',
      by,
      ...(reason && { detail: reason }),
    })
    countAccess(self.state, allowed)
    if (!allowed) throw refused(access, reason)
    return { user, stages, impersonator }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (stages.length === 0) {
      self.state.counters.unauthenticated++
      stages.push({ stage: 'authentication', verdict: 'denied' })
    }
    recordRefusal({ self, server }, { ...info, user, impersonator, ...lineOf(request) }, stages, error)
    throw error
  }
}

/** What else is told of a request: its URI, and who sent it from where. */
export function lineOf(request: HttpRequest): { uri: string; userAgent: string; source: string | undefined } {
  const { path: uri, source } = request
  return { uri, source, userAgent: header(request, 'User-Agent') ?? '' }
}

const nobody: UserInfo = Object.freeze({ name: '', groups: [] })

function refused(access: Access, reason: string): ApiError {
  const why = refusal(access) + (reason ? `: ${reason}` : '')
  if (access.path !== undefined) return new ApiError('Forbidden', `forbidden: ${why}`, {})
  return forbidden({ group: access.group, plural: access.resource }, nameIn(access), why)
}

const extraPrefix = 'impersonate-extra-'

function wantedUser(request: HttpRequest): Impersonation {
  const extra: Record<string, readonly string[]> = {}
  for (const name of Object.keys(request.headers)) {
    const lower = name.toLowerCase()
    if (!lower.startsWith(extraPrefix)) continue
    const key = decoded(lower.slice(extraPrefix.length))
    if (key !== '' && key !== '__proto__') extra[key] = headerValues(request, name)
  }
  return {
    user: header(request, 'Impersonate-User') ?? '',
    uid: header(request, 'Impersonate-Uid') ?? '',
    groups: headerValues(request, 'Impersonate-Group').flatMap(value => value.split(/,\s*/)),
    extra,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
