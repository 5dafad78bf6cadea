import i18next from 'i18next'
import {
  type LinkProblem,
  linkVersion,
  readLink,
  readRecord,
  unpackedMaxBytes,
  writeLink,
} from '../../protocol/link.ts'
import type { SessionRecord } from '../../protocol/messages.ts'
import { notify } from '../notices.ts'
import { liveToken } from './live-port.ts'
import { keptRecord } from './saved.ts'
import { freshRecord, joinSession, openSession, reportError } from './session.ts'

/** In the fragment, a session stands behind this name: `#s=1.…`. */
const fragmentName = 's='

/** The address of this page with a session in it. */
export function linkTo(record: SessionRecord): string {
  const { origin, pathname, search } = window.location
  return `${origin}${pathname}${search}#${fragmentName}${writeLink(record)}`
}

/** Opens what the address names, a session elsewhere or a link; else what this browser kept; else a new cluster. */
export async function openFirst(): Promise<void> {
  if (liveToken() !== undefined) {
    await joinSession()
    return
  }
  const linked = takeFragment()
  if (linked) {
    const record = recordIn(linked)
    if (record) {
      await openSession(record)
      return
    }
  }
  const kept = await keptRecord().catch(() => undefined)
  if (!kept) {
    await openSession(freshRecord())
    return
  }
  try {
    await openSession(kept)
  } catch (error) {
    // What was kept by another engine may not open any more; a page that never starts would be worse than its loss.
    reportError(error)
    await openSession(freshRecord())
  }
}

/** Opens links that are put into the address while the page is open. A bad one leaves everything as it was. */
export function followAddress(): void {
  window.addEventListener('hashchange', () => {
    const linked = takeFragment()
    const record = linked && recordIn(linked)
    if (record) openSession(record).catch(reportError)
  })
}

/** Whether a text is a session that was saved as a file, and not a manifest. */
export function isRecordText(text: string): boolean {
  return (
    /^\s*\{/.test(text) &&
    /"topology"\s*:/.test(text) &&
    /"inputs"\s*:/.test(text) &&
    !/"apiVersion"\s*:\s*"/.test(text.slice(0, 200))
  )
}

/** Opens a session that was saved as a file. A bad one leaves everything as it was. */
export async function openRecordFile(file: File): Promise<void> {
  if (file.size > unpackedMaxBytes) {
    refuse('file', { problem: 'oversized', limitBytes: unpackedMaxBytes })
    return
  }
  try {
    const reading = readRecord(await file.text())
    if (!reading.ok) refuse('file', reading)
    else {
      await openSession(reading.record)
      notify('good', i18next.t('file.opened', { name: file.name }))
    }
  } catch (error) {
    reportError(error)
  }
}

/** The link in the address, which is taken out: a reload shall bring back what was done since, not the link again. */
function takeFragment(): string | undefined {
  const fragment = window.location.hash.slice(1)
  if (!fragment.startsWith(fragmentName)) return undefined
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return fragment.slice(fragmentName.length)
}

function recordIn(link: string): SessionRecord | undefined {
  const reading = readLink(link)
  if (reading.ok) return reading.record
  refuse('link', reading)
  return undefined
}

function refuse(from: 'link' | 'file', problem: LinkProblem): void {
  notify('bad', `${problemWords(from, problem)}\n${i18next.t('link.untouched')}`)
}

function problemWords(from: 'link' | 'file', problem: LinkProblem): string {
  const { t } = i18next
  if (problem.problem === 'newer') return t('link.newer', { found: problem.found, known: linkVersion })
  if (problem.problem === 'corrupt') return t(`${from}.corrupt`, { detail: problem.detail })
  if (problem.problem === 'invalid') return t(`${from}.invalid`, { detail: problem.detail })
  return t(`${from}.oversized`, { limit: Math.round(problem.limitBytes / 1_000_000) })
}
