import i18next from 'i18next'
import { unpackedMaxBytes } from '../protocol/link.ts'
import type { ApplyAnswer, Fault } from '../protocol/messages.ts'
import type { SceneItem } from '../scene/model.ts'
import { gapsIn } from '../scene/not-simulated.ts'
import { notify } from './notices.ts'
import { usePreferences } from './preferences.ts'
import { isRecordText, openRecordFile } from './session/opening.ts'
import { ask, goTo, reportError, sendInput } from './session/session.ts'
import { onTerminalOutput, useClock } from './store.ts'

/** What a person can do to cluster and time, wherever on the page they do it. Failures are shown, not thrown. */

export function togglePlay(): void {
  ask({ ask: useClock.getState().playing ? 'pause' : 'play' }).catch(reportError)
}

export function step(): void {
  ask({ ask: 'step' }).catch(reportError)
}

/** The speeds that the slider stops at. */
export const speeds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100] as const

export function setSpeed(speed: number): void {
  ask({ ask: 'speed', speed }).catch(reportError)
}

/** One stop slower (-1) or faster (1). */
export function changeSpeed(by: -1 | 1): void {
  const now = useClock.getState().speed
  const next = by > 0 ? speeds.find(speed => speed > now) : speeds.findLast(speed => speed < now)
  if (next !== undefined) setSpeed(next)
}

export function seek(at: number): void {
  goTo(at).catch(reportError)
}

export function backToStart(): void {
  seek(useClock.getState().start)
}

/** Applies documents and says how it went; the answer has the errors with their lines. */
export async function apply(yaml: string, fileName?: string): Promise<ApplyAnswer> {
  const answer = await sendInput({ type: 'apply', yaml, ...(fileName === undefined ? {} : { fileName }) })
  return answer ?? { lines: [], errors: [] }
}

/** Takes a file that was dropped: a saved session is opened, a manifest is applied, and a notice tells how it went. */
export async function takeFile(file: File): Promise<void> {
  try {
    const isHuge = file.size > unpackedMaxBytes
    const text = isHuge ? '' : await file.text()
    if (isHuge || isRecordText(text)) {
      await openRecordFile(file)
      return
    }
    const { lines, errors } = await apply(text, file.name)
    if (lines.length > 0) notify('good', lines.join('\n'))
    tellOfGaps(lines)
    if (errors.length > 0) notify('bad', errors.map(error => error.message).join('\n'))
  } catch (error) {
    reportError(error)
  }
}

/** Says what nothing is going to act on, though it was stored. */
function tellOfGaps(applied: readonly string[]): void {
  const { language } = usePreferences.getState()
  for (const gap of gapsIn(applied)) notify('warning', `${i18next.t('gap.title')} ${gap[language]}`)
}

export function remove(item: SceneItem): void {
  if (item.resource === undefined) return
  const { resource, namespace, name } = item
  sendInput({ type: 'delete', resource, name, ...(namespace === undefined ? {} : { namespace }) }).catch(reportError)
}

export function inflict(fault: Fault): void {
  sendInput({ type: 'fault', fault }).catch(reportError)
}

let commands = 0

/** Runs a command as if it had been typed, and shows the command with what it printed. */
export function run(line: string): void {
  const terminal = `menu-${++commands}` // One that nobody sees, and each its own: two commands may run at once.
  let printed = ''
  const stop = onTerminalOutput(outputs => {
    for (const output of outputs.filter(each => each.terminal === terminal)) {
      printed += output.text
      if (!output.done) continue
      stop()
      notify(output.done.exitCode === 0 ? 'good' : 'bad', `$ ${line}\n${printed.trimEnd()}`)
    }
  })
  sendInput({ type: 'shell', terminal, line }).catch((error: unknown) => {
    stop()
    reportError(error)
  })
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch (error) {
    reportError(error)
  }
}

/** The moment as people read it: `09:00:12.345`. */
export function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}

export function dateText(at: number): string {
  return new Intl.DateTimeFormat(i18next.language, { timeZone: 'UTC', dateStyle: 'medium' }).format(at)
}
