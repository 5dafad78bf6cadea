import i18next from 'i18next'
import { type Ask, type Input, recordFormat, type SessionRecord, type Topology } from '../../protocol/messages.ts'
import { forgetPlaces } from '../graph/layout-store.ts'
import { dismiss, notify } from '../notices.ts'
import { dropMarksAfter } from '../store.ts'
import type { Answer } from './client.ts'
import { dropFrames, queueFrame } from './frame-queue.ts'
import { withoutLastInput } from './journal.ts'
import type { SessionPort } from './port.ts'
import { keepRecord } from './saved.ts'
import { Supervisor, type Trouble } from './supervisor.ts'

/** The lab of the seed books: one master, three workers. */
export const defaultTopology: Topology = {
  preset: 'm-k8s',
  masters: 1,
  workers: 3,
  workerCpu: 2,
  workerMemoryMiB: 2048,
}

let supervisor: Supervisor | undefined
let topology = defaultTopology
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
      keepRecord(record).catch(warnOfStorage)
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
export function freshRecord(shape: Topology = defaultTopology): SessionRecord {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
  return { format: recordFormat, engine: '', seed, topology: shape, inputs: [], at: 0 }
}

/** Opens a session in place of the one that is open. */
export async function openSession(record: SessionRecord, paused = false): Promise<void> {
  dropFrames()
  forgetPlaces()
  dropMarksAfter(0)
  topology = record.topology
  const opened = await supervisor?.open(record, paused)
  if (opened?.same === false) notify('warning', i18next.t('link.differs'))
}

export function currentTopology(): Topology {
  return topology
}

export function ask<A extends Ask>(what: A): Promise<Answer<A>> {
  if (!supervisor) return Promise.reject(new Error('no session is open'))
  return supervisor.ask(what)
}

/** Sends an input and keeps the record that holds it. */
export async function sendInput(input: Input): Promise<Answer<{ ask: 'input'; input: Input }>> {
  if (!supervisor) throw new Error('no session is open')
  const answer = await supervisor.input(input)
  clearTimeout(saveTimer)
  saveTimer = setTimeout(saveNow, saveSoonMs)
  return answer
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
  if (trouble.what === 'recovered') {
    if (hungNotice !== undefined) dismiss(hungNotice)
    notify('good', t('banner.recovered', { count: trouble.inputs }))
  }
  if (trouble.what !== 'gave-up') return
  const again = (next: SessionRecord) => () => {
    openSession(next).catch(reportError)
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
