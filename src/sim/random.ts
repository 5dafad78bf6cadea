/** A stream of pseudo-random numbers whose whole state is four numbers, so that a checkpoint can hold it (sfc32). */
export type RandomState = [number, number, number, number]

/** The stream's start: the same seed and name give the same numbers on every machine. */
export function seedRandom(seed: number, name: string): RandomState {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  const state: RandomState = [hash | 0, seed | 0, (hash ^ 0x9e3779b9) | 0, 1]
  // sfc32 needs some rounds until near seeds have parted.
  for (let i = 0; i < 12; i++) nextRandom(state)
  return state
}

/** The next number of the stream, in [0, 1). Changes the state in place. */
export function nextRandom(state: RandomState): number {
  const sum = (state[0] + state[1] + state[3]) | 0
  state[3] = (state[3] + 1) | 0
  state[0] = state[1] ^ (state[1] >>> 9)
  state[1] = (state[2] + (state[2] << 3)) | 0
  state[2] = (((state[2] << 21) | (state[2] >>> 11)) + sum) | 0
  return (sum >>> 0) / 4294967296
}
