import type { AskMessage, SessionMessage } from '../../protocol/messages.ts'

/** Where a session runs, as the page sees it: something to post to and to listen to. A Web Worker is one. */
export interface SessionPort {
  readonly post: (message: AskMessage) => void
  /** Called once, before the first post. `onFailure` hears of a port that died without a word. */
  readonly listen: (onMessage: (message: SessionMessage) => void, onFailure: (error: string) => void) => void
  readonly terminate: () => void
}

/** Wraps the Web Worker of a session. */
export function workerPort(worker: Worker): SessionPort {
  return {
    post: message => {
      worker.postMessage(message)
    },
    listen: (onMessage, onFailure) => {
      worker.addEventListener('message', (event: MessageEvent<SessionMessage>) => {
        onMessage(event.data)
      })
      worker.addEventListener('error', event => {
        onFailure(event.message || 'the worker could not be loaded')
      })
      worker.addEventListener('messageerror', () => {
        onFailure('the worker sent something that cannot be read')
      })
    },
    terminate: () => {
      worker.terminate()
    },
  }
}
