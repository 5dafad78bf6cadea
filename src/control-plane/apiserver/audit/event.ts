import type { StageEvidence } from '../../../machinery/evidence.ts'
import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { PatchType, RequestOptions, UserInfo } from '../../../machinery/rest.ts'
import type { Status } from '../../../machinery/status.ts'
import { microTimestamp } from '../../../machinery/time.ts'
import type { Access } from '../authorization/access.ts'
import type { Wanted } from './checker.ts'
import type { Stage } from './policy.ts'
import { requestUri } from './request-uri.ts'

/** A request that is over, or has begun to go on, with all that an event may tell of it. */
export interface Audited {
  readonly request: Access & {
    readonly userAgent: string
    readonly options?: RequestOptions | undefined
    readonly patchType?: PatchType
    /** What was sent. */
    readonly body?: unknown
    /** As it was written in the request's line; of requests over HTTP. */
    readonly uri?: string
    /** The component that asked, or the address that the request came from, where that is known. */
    readonly from?: string
    readonly source?: string | undefined
    /** Who really asked, if the user is somebody else on his behalf. */
    readonly impersonator?: UserInfo | undefined
  }
  readonly stages: readonly StageEvidence[]
  readonly code: number
  /** Why it was refused. */
  readonly status?: Status | undefined
  /** What was answered. */
  readonly answer: unknown
  /** What admission notes. */
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

/** What all events of a request share, and when a stage was reached. */
interface Moment {
  readonly id: string
  readonly source: string
  readonly stage: Stage
  readonly receivedAt: number
  readonly at: number
}

/** One event in the form of audit.k8s.io/v1, its fields in the order of the Go struct (apis/audit/v1/types.go). */
export function auditEvent(
  audited: Audited,
  wanted: Wanted,
  { id, source, stage, receivedAt, at }: Moment,
): JsonObject {
  const { request, code } = audited
  const { user, impersonator } = request
  const isOver = stage !== 'RequestReceived'
  const isVerbose = wanted.level === 'Request' || wanted.level === 'RequestResponse'
  const sent = isVerbose ? requestObject(request) : undefined
  const isAnswered = isOver && wanted.level === 'RequestResponse' && stage === 'ResponseComplete'
  const answered = isAnswered ? (audited.status ?? audited.answer) : undefined
  const clean = (value: unknown): unknown => (wanted.omitManagedFields ? withoutManagedFields(value) : value)
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: wanted.level,
    auditID: id,
    stage,
    requestURI: request.uri ?? requestUri(request),
    verb: request.verb,
    user: userIn(impersonator ?? user),
    ...(impersonator && { impersonatedUser: userIn(user) }),
    sourceIPs: [source],
    ...(request.userAgent !== '' && { userAgent: request.userAgent }),
    ...(request.path === undefined && { objectRef: objectRef(audited, isOver) }),
    ...(isOver && { responseStatus: responseStatus(audited, code) }),
    ...(isOver && sent !== undefined && { requestObject: clean(sent) }),
    ...(answered !== undefined && { responseObject: clean(answered) }),
    requestReceivedTimestamp: microTimestamp(receivedAt),
    stageTimestamp: microTimestamp(at),
    ...(isOver && { annotations: annotationsOf(audited) }),
  }
}

function userIn({ name, uid, groups, extra }: UserInfo): JsonObject {
  return {
    username: name,
    ...(uid !== undefined && uid !== '' && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  }
}

/** What the request is about. Its name and uid may be known from what was sent or made only. */
function objectRef({ request, answer }: Audited, isOver: boolean): JsonObject {
  const { group, version, resource, namespace, subresource } = request
  const made = isOver && isObject(answer) && isObject(answer.metadata) && !isList(answer.items) ? answer.metadata : {}
  const sent = isObject(request.body) && isObject(request.body.metadata) ? request.body.metadata : {}
  const name = request.name ?? textIn(sent.name) ?? textIn(made.name)
  const uid = request.verb === 'create' ? undefined : textIn(sent.uid)
  const resourceVersion = isOver ? textIn(sent.resourceVersion) : undefined
  return {
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(isOver && uid !== undefined && { uid }),
    ...(group !== '' && { apiGroup: group }),
    ...(version !== undefined && { apiVersion: version }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(subresource !== undefined && { subresource }),
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A refusal and the answer to a deletion are Statuses; of other answers only the code is told. */
function responseStatus({ status, answer }: Audited, code: number): JsonObject {
  const told: JsonObject | undefined = status ? { ...status } : isStatus(answer) ? answer : undefined
  if (!told) return { metadata: {}, code }
  const { kind: _, apiVersion: __, ...rest } = told
  return { ...rest, code }
}

function isStatus(value: unknown): value is JsonObject {
  return isObject(value) && value.kind === 'Status'
}

const withBody: ReadonlySet<string> = new Set(['create', 'update', 'patch'])

function requestObject({ verb, body, options = {} }: Audited['request']): unknown {
  if (withBody.has(verb)) return body
  if (verb !== 'delete' && verb !== 'deletecollection') return undefined
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = options
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds,
    preconditions,
    orphanDependents,
    propagationPolicy,
    ...(dryRun === true && { dryRun: ['All'] }),
  }
}

/** `authorization.k8s.io/decision` and its reason, and what admission has noted (endpoints/filters/authorization.go). */
function annotationsOf({ stages, annotations }: Audited): Record<string, string> {
  const authorization = stages.find(({ stage }) => stage === 'authorization')
  const told: [string, string][] = Object.entries(annotations ?? {})
  if (authorization) {
    const decision = authorization.verdict === 'allowed' ? 'allow' : 'forbid'
    told.push(['authorization.k8s.io/decision', decision], ['authorization.k8s.io/reason', authorization.detail ?? ''])
  }
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function withoutManagedFields(value: unknown): unknown {
  if (!isObject(value)) return value
  const items = isList(value.items) ? { items: value.items.map(withoutManagedFields) } : {}
  if (!isObject(value.metadata)) return { ...value, ...items }
  const { managedFields: _, ...metadata } = value.metadata
  return { ...value, metadata, ...items }
}
