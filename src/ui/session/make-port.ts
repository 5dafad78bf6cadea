import { type SessionPort, workerPort } from './port.ts'

/**
 * Where the page's sessions run: each in a Web Worker of its own. In `vite --mode stand-in` a make-believe one is driven
 * instead; the condition is a constant of the build, so nothing of it is in the page that ships.
 */
export async function portMaker(): Promise<() => SessionPort> {
  if (import.meta.env.MODE === 'stand-in') {
    const { standInPort } = await import('../testing/stand-in-session.ts')
    return standInPort
  }
  // Loading the engine takes as long as drawing the page for the first time, so the two go on side by side.
  let ready: SessionPort | undefined = newWorker()
  return () => {
    const port = ready ?? newWorker()
    ready = undefined
    return port
  }
}

function newWorker(): SessionPort {
  return workerPort(
    new Worker(new URL('../../worker/session.worker.ts', import.meta.url), { type: 'module', name: 'session' }),
  )
}
