import i18next from 'i18next'
import { seedLab } from '../../api/lab.ts'
import { type Ask, type Input, recordFormat, type SessionRecord, type Topology } from '../../protocol/messages.ts'
import { forgetPlaces } from '../graph/layout-store.ts'
import { dismiss, notify } from '../notices.ts'
import { dropMarksAfter, inputsAhead, useClock } from '../store.ts'
import type { Answer } from './client.ts'
import { dropFrames, queueFrame } from './frame-queue.ts'
import { withoutLastInput } from './journal.ts'
import { liveToken } from './live-port.ts'
import type { SessionPort } from './port.ts'
import { keepRecord } from './saved.ts'
import { Supervisor, type Trouble } from './supervisor.ts'

let supervisor: Supervisor | undefined
let topology: Topology = seedLab
let cannotStore = false
let saveTimer: ReturnType<typeof setTimeout> | undefined
let hungNotice: number | undefined

const saveSoonMs = 400
const saveEveryMs = 5_000
const watchEveryMs = 1_000

/** Makes the page's one session, in ports of this make. Call once. */
export function startSupervising(makePort: () => SessionPort): void {
  supervisor = new Supervisor(makePort, {
    onFrame: queueFrame,
    onRecord: record => {
      // A session that runs elsewhere is kept there, and what this browser had kept stays.
      if (liveToken() === undefined) keepRecord(record).catch(warnOfStorage)
    },
    onTrouble: showTrouble,
  })
  setInterval(() => {
    if (!document.hidden) supervisor?.watch(performance.now())
  }, watchEveryMs)
  setInterval(saveNow, saveEveryMs)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) saveNow()
    else supervisor?.woke(performance.now())
  })
}

/** A record of a cluster in which nothing has happened yet. */
export function freshRecord(shape: Topology = seedLab): SessionRecord {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
  return { format: recordFormat, engine: '', seed, topology: shape, inputs: [], at: 0 }
}

/** A journey through time that is under way: an input that came in the middle of it would cut off the rest. */
let journey: Promise<unknown> = Promise.resolve()

/** Looks at the session that runs in `npm run serve`, whatever has happened in it. */
export async function joinSession(): Promise<void> {
  await open(freshRecord(), false)
  notify('good', i18next.t('live.joined'))
  topology = (await ask({ ask: 'save' })).topology
}

/** Opens a session in place of the one that is open. One that runs elsewhere cannot be replaced from here. */
export async function openSession(record: SessionRecord, paused = false): Promise<void> {
  if (liveToken() === undefined) await open(record, paused)
  else notify('warning', i18next.t('live.stays'))
}

async function open(record: SessionRecord, paused: boolean): Promise<void> {
  if (!supervisor) return
  dropFrames()
  forgetPlaces()
  dropMarksAfter(0)
  topology = record.topology
  const opening = supervisor.open(record, paused)
  journey = opening.catch(() => undefined)
  const opened = await opening
  if (opened.same === false) notify('warning', i18next.t('link.differs'))
}

export function currentTopology(): Topology {
  return topology
}

export function ask<A extends Ask>(what: A): Promise<Answer<A>> {
  if (!supervisor) return Promise.reject(new Error('no session is open'))
  return supervisor.ask(what)
}

/** Goes to a moment of the session. */
export async function goTo(at: number): Promise<void> {
  const going = ask({ ask: 'seek', at })
  journey = going.catch(() => undefined)
  await going
}

/**
 * Sends an input, once time is where it was sent to, and keeps the record that holds it. In the past it makes another
 * history: what had been done later is gone, which the page says, with a way back.
 */
export async function sendInput(input: Input): Promise<Answer<{ ask: 'input'; input: Input }>> {
  await journey
  if (!supervisor) throw new Error('no session is open')
  const lost = inputsAhead()
  const { end } = useClock.getState()
  const before = lost > 0 ? supervisor.ask({ ask: 'save' }) : undefined
  const answer = await supervisor.input(input)
  if (before) tellOfFork(lost, await before, end)
  clearTimeout(saveTimer)
  saveTimer = setTimeout(saveNow, saveSoonMs)
  return answer
}

/** `end` is how far that history went: going there and back again brings its marks to the timeline as well. */
function tellOfFork(count: number, before: SessionRecord, end: number): void {
  const { t } = i18next
  const back = async () => {
    await openSession({ ...before, at: end }, true)
    await goTo(before.at)
  }
  notify('warning', t('timeline.forked', { count }), [
    { label: t('timeline.unfork'), run: () => void back().catch(reportError) },
  ])
}

/** The record of this moment. */
export async function record(): Promise<SessionRecord> {
  if (!supervisor) throw new Error('no session is open')
  return supervisor.save(true)
}

function saveNow(): void {
  supervisor?.save().catch(() => undefined) // A session that cannot answer is the watch's business.
}

function warnOfStorage(): void {
  if (cannotStore) return
  cannotStore = true
  notify('warning', i18next.t('banner.storage'))
}

function showTrouble(trouble: Trouble): void {
  const { t } = i18next
  if (trouble.what === 'hung') hungNotice = notify('warning', t('banner.hung'))
  if (trouble.what === 'crashed') notify('bad', t('banner.crashed', { error: trouble.error }))
  if (trouble.what === 'recovered' && liveToken() !== undefined) notify('good', t('live.joined'))
  else if (trouble.what === 'recovered') {
    if (hungNotice !== undefined) dismiss(hungNotice)
    notify('good', t('banner.recovered', { count: trouble.inputs }))
  }
  if (trouble.what !== 'gave-up') return
  const again = (next: SessionRecord) => () => {
    openSession(next).catch(reportError)
  }
  if (liveToken() !== undefined) {
    const join = () => void joinSession().catch(reportError)
    notify('bad', `${t('live.lost')} ${trouble.error}`, [{ label: t('banner.retry'), run: join }])
    return
  }
  notify('bad', `${t('banner.gaveUp')} ${trouble.error}`, [
    { label: t('banner.retry'), run: again(trouble.record) },
    { label: t('banner.withoutLast'), run: again(withoutLastInput(trouble.record)) },
    { label: t('banner.fresh'), run: again(freshRecord(topology)) },
  ])
}

/** Shows a failure to the person who caused it. */
export function reportError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  notify('bad', i18next.t('error.failed', { error: text }))
}
