/** The `Status` object with which the API server answers a failure or a deletion. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

/** metav1.StatusReason with the HTTP code that each is sent with (apimachinery/pkg/api/errors/errors.go). */
const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  ServerTimeout: 500,
  /** Not a Status of a server: no server could be reached, or it hung up. The message is that of Go's net package. */
  ConnectionFailed: 0,
} as const

export type Reason = keyof typeof codes

/** A refusal of the API server, in its words; or a connection that failed. */
export class ApiError extends Error {
  readonly code: number

  constructor(
    readonly reason: Reason | '',
    message: string,
    readonly details?: StatusDetails,
    code?: number,
  ) {
    super(message)
    this.name = 'ApiError'
    this.code = code ?? (reason === '' ? 500 : codes[reason])
  }

  /** The answer's body. */
  get status(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    }
  }
}

/** What the texts of errors need to know of a kind. */
export interface ResourceName {
  readonly group: string
  readonly plural: string
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualified({ group, plural }: ResourceName): string {
  return group ? `${plural}.${group}` : plural
}

export function notFound(resource: ResourceName, name: string): ApiError {
  return new ApiError('NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name))
}

export function alreadyExists(resource: ResourceName, name: string): ApiError {
  return new ApiError('AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name))
}

export function conflict(resource: ResourceName, name: string, why: string): ApiError {
  const text = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`
  return new ApiError('Conflict', text, detailsOf(resource, name))
}

export function forbidden(resource: ResourceName, name: string, why: string): ApiError {
  const what = name ? `${qualified(resource)} "${name}"` : qualified(resource)
  return new ApiError('Forbidden', `${what} is forbidden: ${why}`, detailsOf(resource, name))
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequest', message)
}

function detailsOf({ group, plural }: ResourceName, name: string): StatusDetails {
  return { ...(name && { name }), ...(group && { group }), kind: plural }
}

/** Runs an action and returns the API server's refusal, if it met one. Other errors are bugs and go on. */
export function attempt(action: () => void): ApiError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}
