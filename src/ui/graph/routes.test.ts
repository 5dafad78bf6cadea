import { describe, expect, it } from 'vitest'
import { item, master, pod, relate, worker } from '../testing/items.ts'
import { layOut } from './layout.ts'
import { along, route, roundedPath, wiresOf } from './routes.ts'

const scene = [
  item('outside', 'outside'),
  master('m'),
  ...['w1', 'w2', 'w3'].map(worker),
  item('workload', 'web', { kind: 'Deployment', namespace: 'default' }),
  item('service', 'web', { namespace: 'default' }),
  item('service', 'api', { namespace: 'default' }),
  item('ingress', 'web', { namespace: 'default' }),
  ...['w1', 'w2', 'w3'].flatMap(name => [pod(`${name}-a`, name), pod(`${name}-b`, name), pod(`${name}-c`, name)]),
]
const layout = layOut(scene, [])
const cards = [...layout.places].filter(([, place]) => place.form !== 'machine')

describe('ways on the graph', () => {
  it('[J1] lead from Services to Pods through gutters and across no card', () => {
    for (const from of ['service/web', 'service/api', 'workload/web', 'outside/outside']) {
      for (const [to, place] of cards.filter(([, each]) => each.form === 'pod')) {
        const points = route(layout, from, to) ?? []
        expect(points.length).toBeGreaterThan(1)
        for (let step = 1; step < 100; step++) {
          const { x, y } = along(points, step / 100)
          for (const [id, card] of cards) {
            const isInside = x > card.x && x < card.x + card.width && y > card.y && y < card.y + card.height
            if (isInside && id !== from) expect.fail(`${from} → ${to} crosses ${id}`)
          }
        }
        expect(points.at(-1)).toEqual({ x: place.x, y: place.y + place.height / 2 })
      }
    }
  })

  it('[J1] lead to a Service of a lower row past the cards above it', () => {
    const many = layOut(
      [...scene, ...Array.from({ length: 9 }, (_, index) => item('service', `s${index}`, { namespace: 'default' }))],
      [],
    )
    const lowest = many.places.get('service/s8')
    expect(lowest?.y).toBeGreaterThan(many.places.get('service/web')?.y ?? Infinity)
    const others = [...many.places].filter(([id, { form }]) => form === 'service' && id !== 'service/s8')
    for (const from of ['outside/outside', 'ingress/web']) {
      const points = route(many, from, 'service/s8') ?? []
      expect(points.at(-1)).toEqual({ x: lowest?.x, y: (lowest?.y ?? 0) + (lowest?.height ?? 0) / 2 })
      for (let step = 1; step < 100; step++) {
        const { x, y } = along(points, step / 100)
        for (const [id, card] of others) {
          const isInside = x > card.x && x < card.x + card.width && y > card.y && y < card.y + card.height
          if (isInside) expect.fail(`${from} crosses ${id}`)
        }
      }
    }
  })

  it('[J1] back from a Pod are the same ways walked the other way round', () => {
    expect(route(layout, 'pod/w2-b', 'service/web')).toEqual(route(layout, 'service/web', 'pod/w2-b')?.toReversed())
  })

  it('[B8] from a machine to a Pod inside it stay inside, as probes do', () => {
    const machine = layout.places.get('machine/w2') ?? { x: 0, y: 0, width: 0, height: 0 }
    for (const { x, y } of route(layout, 'machine/w2', 'pod/w2-c') ?? []) {
      expect(x).toBeGreaterThanOrEqual(machine.x)
      expect(x).toBeLessThanOrEqual(machine.x + machine.width)
      expect(y).toBeGreaterThanOrEqual(machine.y)
    }
  })

  it('[J1] have round corners that never reach beyond the middle of a side', () => {
    const path = roundedPath([
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 100 },
    ])
    expect(path).toBe('M0 0L2 0Q4 0 4 2L4 100')
  })

  it('[J1] are walked at an even pace', () => {
    const corner = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 30 },
    ]
    expect(along(corner, 0.25)).toMatchObject({ x: 10, y: 0 })
    expect(along(corner, 0.5)).toMatchObject({ x: 10, y: 10 })
    expect(along(corner, 2)).toMatchObject({ x: 10, y: 30 })
  })

  it('[J1] become one line to a machine where its Pods are too small for a line each', () => {
    const many = Array.from({ length: 400 }, (_, index) => pod(`p-${index}`, `w${(index % 3) + 1}`))
    const all = [...scene, ...many]
    const parents = new Map(all.map(each => [each.id, each.parent]))
    const relations = many.map(each => relate('selects', 'service/web', each.id, each.id === 'pod/p-0'))
    const wires = wiresOf(layOut(all, []), relations, id => parents.get(id))
    expect(wires.map(({ to, count, live }) => [to, count, live])).toEqual([
      ['machine/w1', 134, true],
      ['machine/w2', 133, false],
      ['machine/w3', 133, false],
    ])
  })
})
