import { quote } from '../../machinery/go-text.ts'
import { ApiError } from '../../machinery/status.ts'
import { Exit, type Failure, PlainError, SeveralErrors } from './errors.ts'

/** How a failure that ends a command is printed: cmdutil.CheckErr. */
export function failureText(failure: Failure): string {
  if (failure instanceof Exit) return ''
  if (failure instanceof SeveralErrors) return failure.failures.map(each => ended(messageOf(each))).join('')
  if (failure instanceof ApiError)
    return ended(failure.reason === 'Invalid' ? invalidText(failure) : messageOf(failure))
  if (failure instanceof PlainError || failure.message.startsWith('error: ')) return ended(failure.message)
  return ended(`error: ${failure.message}`)
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

/** One failure of several: StandardErrorMessage. */
export function messageOf(failure: Failure): string {
  if (!(failure instanceof ApiError)) return failure.message
  const { reason, message } = failure
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`
  return reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`
}

/** `The Pod "web" is invalid: …`, causes one a line if there are several. */
function invalidText({ details, message }: ApiError): string {
  if (!details) return message === '' ? 'The request is invalid' : `The request is invalid: ${message}`
  const { kind = '', name = '', causes = [] } = details
  const isNamed = kind !== '' || name !== ''
  const what = isNamed ? `The ${kind} ${quote(name)} is invalid` : 'The request is invalid'
  if (causes.length === 0) return isNamed || message === '' ? what : `${what}: ${message}`
  const lines = [...new Set(causes.map(cause => `${cause.field ?? ''}: ${cause.message ?? ''}`))]
  const [only, another] = lines
  return another === undefined ? `${what}: ${only}` : `${what}: \n${lines.map(line => `* ${line}\n`).join('')}`
}
