import type { Frame } from '../../protocol/messages.ts'
import { receiveFrames } from '../store.ts'

/**
 * Frames of the session, until the display is ready for the next picture (DESIGN.md, D11). A session may make them faster
 * than a page draws; taken in one by one they would pile up, and the page would show the past.
 */
let queue: Frame[] = []
let animation = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** A tab in the background is not asked for pictures, but its terminals and its clock go on. */
const latestMs = 250

export function queueFrame(frame: Frame): void {
  queue.push(frame)
  if (queue.length > 1) return
  animation = requestAnimationFrame(flush)
  timer = setTimeout(flush, latestMs)
}

/** Forgets what has not been shown: another session is about to be opened. */
export function dropFrames(): void {
  cancelAnimationFrame(animation)
  clearTimeout(timer)
  queue = []
}

function flush(): void {
  const frames = queue
  dropFrames()
  receiveFrames(frames)
}
