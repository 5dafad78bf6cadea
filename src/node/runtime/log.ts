import type { Container, LogLine } from './state.ts'

/** How many lines a container's log keeps; upstream rotates at 10 MiB. */
const maxLines = 2_000

/** Adds a line to a container's log. The oldest lines are dropped in bulk, so that a line costs little. */
export function writeLog(container: Container, line: LogLine): void {
  container.log.push(Object.freeze(line))
  if (container.log.length > 2 * maxLines) container.log = container.log.slice(-maxLines)
}

/** MaxContainerTerminationMessageLogLength and -Lines of the kubelet: 2 KiB or 80 lines, whichever is less. */
const maxMessageLength = 2_048
const maxMessageLines = 80

/** The end of a log, as a termination message falls back to it. */
export function lastLog(container: Container): string {
  const text = container.log
    .slice(-maxMessageLines)
    .map(line => `${line.text}\n`)
    .join('')
  return text.slice(-maxMessageLength)
}
