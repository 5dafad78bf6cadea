import { livePort, liveToken } from './live-port.ts'
import { type SessionPort, workerPort } from './port.ts'

let early: SessionPort | undefined

/** Starts loading the engine: that takes as long as drawing the page for the first time, and goes on beside it. */
export function startEngine(): void {
  if (import.meta.env.MODE !== 'stand-in' && liveToken() === undefined) early = newWorker()
}

/**
 * Where the page's sessions run: each in a Web Worker of its own, the first in the one that was started early; or the one
 * that runs in `npm run serve`. In
 * `vite --mode stand-in` a make-believe one is driven instead; the condition is a constant of the build, so nothing of
 * it is in the page that ships.
 */
export async function portMaker(): Promise<() => SessionPort> {
  if (import.meta.env.MODE === 'stand-in') {
    const { standInPort } = await import('../testing/stand-in-session.ts')
    return standInPort
  }
  const token = liveToken()
  if (token !== undefined) return () => livePort(token)
  return () => {
    const port = early ?? newWorker()
    early = undefined
    return port
  }
}

function newWorker(): SessionPort {
  return workerPort(
    new Worker(new URL('../../worker/session.worker.ts', import.meta.url), { type: 'module', name: 'session' }),
  )
}
