import type { AskMessage, SessionMessage } from '../../protocol/messages.ts'

/** Where a session runs, as the page sees it: something to post to and to listen to. A Web Worker is one. */
export interface SessionPort {
  readonly post: (message: AskMessage) => void
  /** Called once, before the first post. `onFailure` hears of a port that died without a word. */
  readonly listen: (onMessage: (message: SessionMessage) => void, onFailure: (error: string) => void) => void
  readonly terminate: () => void
}

/** Wraps the Web Worker of a session. What befalls the worker before anybody listens is told to the first who does. */
export function workerPort(worker: Worker): SessionPort {
  let failure: string | undefined
  let fail = (error: string) => {
    failure ??= error
  }
  worker.addEventListener('error', event => {
    fail(event.message || 'the worker could not be loaded')
  })
  worker.addEventListener('messageerror', () => {
    fail('the worker sent something that cannot be read')
  })
  return {
    post: message => {
      worker.postMessage(message)
    },
    listen: (onMessage, onFailure) => {
      worker.addEventListener('message', (event: MessageEvent<SessionMessage>) => {
        onMessage(event.data)
      })
      fail = onFailure
      if (failure !== undefined) queueMicrotask(onFailure.bind(undefined, failure))
    },
    terminate: () => {
      worker.terminate()
    },
  }
}
