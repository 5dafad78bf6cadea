import type { ForwardedRequest, OutsideMessage, OutsideRequest } from './messages.ts'

// What a record may hold of clients outside, looked at field by field as everything that a link brings (link.ts).

const bodyMax = 4_000_000
const wordMax = 20_000

type Fields = Readonly<Record<string, unknown>>

/** The request, made of nothing but what a request has; undefined when it is none. */
export function checkOutsideRequest(value: unknown): OutsideRequest | undefined {
  if (!isFields(value)) return undefined
  const { method, path, headers, body, certificate } = value
  if (!isText(method, 20) || !isText(path, wordMax) || !isFields(headers)) return undefined
  if (body !== undefined && !isText(body, bodyMax)) return undefined
  const shown = certificate === undefined ? undefined : checkCertificate(certificate)
  if (certificate !== undefined && !shown) return undefined
  const checked = checkHeaders(headers)
  return (
    checked && {
      method,
      path,
      headers: checked,
      ...(body !== undefined && { body }),
      ...(shown && { certificate: shown }),
    }
  )
}

function checkHeaders(headers: Fields): OutsideRequest['headers'] | undefined {
  const checked: [string, string | string[]][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (isText(value, wordMax)) checked.push([name, value])
    else if (Array.isArray(value) && value.every(each => isText(each, wordMax))) checked.push([name, value])
    else return undefined
  }
  return Object.fromEntries(checked)
}

function checkCertificate(value: unknown): OutsideRequest['certificate'] {
  if (!isFields(value)) return undefined
  const { user, groups, fingerprint } = value
  if (!isText(user, wordMax) || !Array.isArray(groups) || !groups.every(group => isText(group, wordMax)))
    return undefined
  return { user, groups, ...(isText(fingerprint, 200) && { fingerprint }) }
}

/** What is sent on a connection; undefined when it is nothing that can be. */
export function checkOutsideMessage(value: unknown): OutsideMessage | undefined {
  if (!isFields(value)) return undefined
  const { send, text, columns, rows, tag, port, http } = value
  if (send === 'close') return { send }
  if (send === 'input') {
    if (text === undefined) return { send }
    return isText(text, bodyMax) ? { send, text } : undefined
  }
  if (send === 'resize') return isNumber(columns) && isNumber(rows) ? { send, columns, rows } : undefined
  if (send !== 'request' || !isNumber(tag) || !isNumber(port)) return undefined
  if (http === undefined) return { send, tag, port }
  const forwarded = checkForwarded(http)
  return forwarded && { send, tag, port, http: forwarded }
}

function checkForwarded(value: unknown): ForwardedRequest | undefined {
  const request = checkOutsideRequest(value)
  if (!request) return undefined
  const { method, path, body } = request
  const headers = Object.entries(request.headers).map(([name, text]) => [
    name,
    typeof text === 'string' ? text : text.join(', '),
  ])
  return { method, path, headers: Object.fromEntries(headers), ...(body !== undefined && { body }) }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1e9
}
