import { type SessionPort, workerPort } from './port.ts'

/**
 * Where the page's sessions run. In `vite --mode stand-in` a make-believe one is driven instead of the engine; the
 * condition is a constant of the build, so nothing of it is in the page that ships.
 */
export async function portMaker(): Promise<() => SessionPort> {
  if (import.meta.env.MODE === 'stand-in') {
    const { standInPort } = await import('../testing/stand-in-session.ts')
    return standInPort
  }
  const workers = import.meta.glob<{ default: new () => Worker }>('../../worker/session.worker.ts', {
    query: '?worker',
  })
  const load = workers['../../worker/session.worker.ts']
  if (!load) throw new Error('the session worker is not part of this build')
  const { default: SessionWorker } = await load()
  return () => workerPort(new SessionWorker())
}
