import { useClock, useScene } from '../store.ts'

/** Asking costs the session something, so what changes all the time is not read at every change. */
const leastMs = 250

/** Reads at once and after changes of the scene, never twice at a time, until the returned function is called. */
export function followChanges(read: () => Promise<void>): () => void {
  return follow(read, turn => {
    let { revision } = useScene.getState()
    return useScene.subscribe(scene => {
      if (scene.revision === revision) return
      revision = scene.revision
      turn()
    })
  })
}

/** As followChanges, after every frame: for what happens in an instant, and changes nothing on the graph. */
export function followFrames(read: () => Promise<void>): () => void {
  return follow(read, turn => useClock.subscribe(turn))
}

function follow(read: () => Promise<void>, subscribe: (turn: () => void) => () => void): () => void {
  let isReading = false
  let isStale = false
  let isOver = false
  const turn = () => {
    isStale = isReading
    if (isReading || isOver) return
    isReading = true
    void read()
      .then(() => new Promise(resolve => setTimeout(resolve, leastMs)))
      .then(() => {
        isReading = false
        if (isStale) turn()
      })
  }
  const stop = subscribe(turn)
  turn()
  return () => {
    isOver = true
    stop()
  }
}
