import type { AskMessage, SessionMessage } from '../protocol/messages.ts'
import { Host } from '../session/host.ts'

/**
 * The session's thread: takes the page's requests, lets time pass about sixty times a second and posts frames. A bug in
 * the simulation ends it here: the page is told, with the record from which it can be opened again.
 */
const host = new Host(
  () => performance.now(),
  reply => post({ type: 'reply', reply }),
)
const frameMs = 16
let crashed = false

self.onmessage = ({ data }: MessageEvent<AskMessage>) => guarded(() => host.ask(data.id, data.ask))
setInterval(() => guarded(tick), frameMs)

function tick(): void {
  const frame = host.tick()
  if (frame) post({ type: 'frame', frame })
}

function guarded(work: () => void): void {
  if (crashed) return
  try {
    work()
  } catch (error) {
    const record = host.record()
    // Without a session there is nothing to save: the browser reports the error as the worker's.
    if (!record) throw error
    crashed = true
    post({ type: 'crashed', error: error instanceof Error ? error.message : String(error), record })
  }
}

function post(message: SessionMessage): void {
  self.postMessage(message)
}
