import type { Motion } from '../../scene/model.ts'
import type { Layout } from './layout.ts'
import { arc, placeOf, type Point, route } from './routes.ts'

/** Ways of motions, found once a layout and not at every frame. */
export class Ways {
  #layout: Layout | undefined
  readonly #known = new Map<string, readonly Point[] | undefined>()

  follow(layout: Layout): void {
    if (layout === this.#layout) return
    this.#layout = layout
    this.#known.clear()
  }

  /** Requests travel on wires; messages of the control plane take a bow through the air. */
  of({ flow, from, to }: Motion): readonly Point[] | undefined {
    const isTraffic = flow === 'request' || flow === 'response'
    const key = `${isTraffic ? 'wire' : 'air'} ${from} ${to}`
    if (!this.#known.has(key) && this.#layout) this.#known.set(key, wayOn(this.#layout, from, to, isTraffic))
    return this.#known.get(key)
  }
}

function wayOn(layout: Layout, from: string, to: string, isTraffic: boolean): readonly Point[] | undefined {
  const start = placeOf(layout, from)
  const end = placeOf(layout, to)
  if (!start || !end || start === end) return undefined
  return isTraffic ? route(layout, from, to) : arc(start, end)
}
