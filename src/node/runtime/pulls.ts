import type { ObjectRef } from '../../machinery/evidence.ts'
import { about, type Engine, refuse, reply } from './engine.ts'
import type { Image } from './image.ts'
import { parseReference } from './reference.ts'
import type { PresentImage } from './state.ts'

/** Data of the event `pulled`: the layers of an image have arrived. */
export interface PulledEvent {
  readonly name: string
}

/** Asking the registry for a manifest, in ms. */
const resolveMs = 350
/** Unpacking layers takes about this share of the time of fetching them. */
const unpackShare = 0.25

/** Whether an image is on this machine. */
export function imageStatus(engine: Engine, call: number, reference: string): void {
  const image = findImage(engine, reference)
  reply(engine, call, about(engine, 2), image ? valueOf(image) : {})
}

export function findImage(engine: Engine, reference: string): PresentImage | undefined {
  const parsed = parseReference(reference)
  return parsed.ok ? engine.state.images.get(parsed.reference.name) : undefined
}

/** Pulls an image. Who asks for one that is on its way waits for it together with the others. */
export function pullImage(engine: Engine, call: number, reference: string, _pod: ObjectRef): void {
  const { state, self } = engine
  const result = engine.images.pull(reference)
  if (!result.found) {
    refuse(engine, call, about(engine, 2 * resolveMs), result.error)
    return
  }
  const name = completeName(reference)
  const present = state.images.get(name)
  if (present) {
    // The manifest is asked for and its layers are all there.
    reply(engine, call, about(engine, resolveMs), valueOf(present))
    return
  }
  const waiting = state.pulls.get(name)
  if (waiting) {
    waiting.push(call)
    return
  }
  state.pulls.set(name, [call])
  const fetchMs = (result.image.sizeBytes / state.pullBytesPerSecond) * 1_000 * (1 + unpackShare)
  self.schedule(about(engine, resolveMs) + about(engine, fetchMs), 'pulled', { name } satisfies PulledEvent)
}

/** An image has arrived: all who waited for it are answered. */
export function finishPull(engine: Engine, { name }: PulledEvent): void {
  const { state } = engine
  const calls = state.pulls.get(name) ?? []
  state.pulls.delete(name)
  const result = engine.images.pull(name)
  if (!result.found) throw new Error(`image ${name} has left the registry`)
  const image = presentImage(name, result.image, result.digest)
  state.images.set(name, image)
  for (const call of calls) reply(engine, call, 0, valueOf(image))
}

export function removeImage(engine: Engine, call: number, reference: string): void {
  engine.state.images.delete(completeName(reference))
  reply(engine, call, about(engine, 30))
}

/** An image as a machine has it. */
export function presentImage(name: string, image: Image, digest: string): PresentImage {
  const { repository, sizeBytes, user } = image
  return Object.freeze({
    name,
    imageId: `${repository}@${digest}`,
    sizeBytes,
    ...(user !== undefined && { user }),
  })
}

function completeName(reference: string): string {
  const parsed = parseReference(reference)
  return parsed.ok ? parsed.reference.name : reference
}

function valueOf({ imageId, sizeBytes, user }: PresentImage): {
  imageId: string
  imageBytes: number
  imageUser?: number | string
} {
  return { imageId, imageBytes: sizeBytes, ...(user !== undefined && { imageUser: user }) }
}
