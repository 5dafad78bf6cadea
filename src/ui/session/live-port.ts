import type { AskMessage, SessionMessage } from '../../protocol/messages.ts'
import type { SessionPort } from './port.ts'

/** In the fragment, what `npm run serve -- --page` prints stands behind this name: `#live=TOKEN`. */
const fragmentName = 'live='

/** Where this tab keeps the token, so that a reload looks at the same session again. */
const kept = 'podscape-live'

/** What the other end calls what both speak (bridge/page-server.ts). */
const protocol = 'podscape'

let token: string | undefined

/**
 * The token with which this page looks at a session that runs elsewhere; undefined when it runs its own. It is taken out of the
 * address: a room that sees the screen need not read it.
 */
export function liveToken(): string | undefined {
  if (token !== undefined) return token
  const fragment = window.location.hash.slice(1)
  if (fragment.startsWith(fragmentName)) {
    sessionStorage.setItem(kept, fragment.slice(fragmentName.length))
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  }
  return (token = sessionStorage.getItem(kept) ?? undefined)
}

/** A session at the other end of a WebSocket, on the server that this page came from. */
export function livePort(secret: string): SessionPort {
  const socket = new WebSocket(`ws://${window.location.host}/session`, [protocol, secret])
  const early: AskMessage[] = []
  const send = (message: AskMessage): void => socket.send(JSON.stringify(message))
  socket.addEventListener('open', () => early.splice(0).forEach(send))
  return {
    post: message => {
      if (socket.readyState === WebSocket.CONNECTING) early.push(message)
      else if (socket.readyState === WebSocket.OPEN) send(message)
    },
    listen: (onMessage, onFailure) => {
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const message: SessionMessage = JSON.parse(String(data))
        onMessage(message)
      })
      socket.addEventListener('close', () => {
        onFailure('the connection to npm run serve was lost')
      })
    },
    terminate: () => {
      socket.close()
    },
  }
}
