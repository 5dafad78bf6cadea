/** States what must be so if we made no mistake. A failure is our bug: it stops the simulation. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`)
}
