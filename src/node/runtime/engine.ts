import type { Self } from '../../sim/component.ts'
import type { CriResult, CriValue } from '../cri/cri.ts'
import type { Image, ImageRegistry } from './image.ts'
import type { Container, RuntimeState } from './state.ts'

/** What a program may do to the simulation beyond its container: start and end components that live as long as it. */
export interface Host {
  addComponent(name: string, type: string, state: unknown): void
  removeComponent(name: string): void
}

/** All that the runtime's functions work with: one machine's state, time and chance, and what images there are. */
export interface Engine {
  readonly self: Self<RuntimeState>
  readonly state: RuntimeState
  readonly images: ImageRegistry
  readonly host: Host
}

/** The image that a container was made of. */
export function imageOf(engine: Engine, container: Container): Image {
  const result = engine.images.pull(container.image.name)
  if (!result.found) throw new Error(`image ${container.image.name} has left the registry`)
  return result.image
}

/** Answers a call of the kubelet after so many ms of work. */
export function reply(engine: Engine, id: number, afterMs: number, value: CriValue = {}): void {
  const result: CriResult = { id, ok: true, value }
  engine.self.send(engine.state.kubelet, afterMs, 'cri-result', result)
}

export function refuse(engine: Engine, id: number, afterMs: number, error: string): void {
  const result: CriResult = { id, ok: false, error }
  engine.self.send(engine.state.kubelet, afterMs, 'cri-result', result)
}

/** About so many ms: real work takes a little more or less every time. */
export function about(engine: Engine, ms: number): number {
  return ms * (0.75 + 0.5 * engine.self.random())
}

/** An id as containerd makes them: 64 hexadecimal digits. */
export function newId(engine: Engine): string {
  const parts: string[] = []
  for (let part = 0; part < 8; part++) {
    const word = Math.floor(engine.self.random() * 0x1_0000_0000)
    parts.push(word.toString(16).padStart(8, '0'))
  }
  return parts.join('')
}
