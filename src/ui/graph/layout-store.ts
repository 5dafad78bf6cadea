import type { Node } from '@xyflow/react'
import { create } from 'zustand'
import { inNamespace, useSelection } from '../selection.ts'
import { useScene } from '../store.ts'
import { useCursor } from './cursor.ts'
import { type Form, type Layout, layOut, type Memory, type Place } from './layout.ts'
import { type Wire, wiresOf } from './routes.ts'

export type GraphNode = Node<Record<string, never>, Form>

interface LayoutState {
  readonly layout: Layout
  /** React Flow's nodes. A node whose place did not change is the same object, so React Flow skips it. */
  readonly nodes: GraphNode[]
  readonly wires: readonly Wire[]
}

const empty = layOut([], [])

/** The layout of the scene as it is now, kept beside React: it changes when structure changes, not when a status does. */
export const useLayout = create<LayoutState>(() => ({ layout: empty, nodes: [], wires: [] }))

const drawn = new Map<string, { readonly place: Place; readonly node: GraphNode }>()
let memory: Memory | undefined
let seen = ''

function refresh(): void {
  const scene = useScene.getState()
  const { namespace } = useSelection.getState()
  const key = `${scene.structure}/${scene.wiring}/${scene.generation}/${namespace ?? ''}`
  if (key === seen) return
  seen = key
  const items = [...scene.items.values()].filter(item => inNamespace(item, namespace))
  const layout = layOut(items, scene.relations.values(), memory)
  memory = layout.memory
  const wires = wiresOf(layout, scene.relations.values(), id => scene.items.get(id)?.parent)
  keepCursor(layout)
  useLayout.setState({ layout, nodes: nodesOf(layout), wires })
}

/** Tab must always reach something on the graph. */
function keepCursor(layout: Layout): void {
  const { cursor } = useCursor.getState()
  if (cursor !== undefined && layout.places.has(cursor)) return
  const [first] = layout.places.keys()
  useCursor.setState({ cursor: first })
}

const depth: Partial<Record<Form, number>> = { machine: 0 }

function nodesOf(layout: Layout): GraphNode[] {
  const nodes: GraphNode[] = []
  for (const [id, place] of layout.places) {
    if (place.form === 'cell') continue // Drawn by its machine, or on the canvas.
    const known = drawn.get(id)
    if (known && isSame(known.place, place)) {
      nodes.push(known.node)
      continue
    }
    const node: GraphNode = {
      id,
      type: place.form,
      position: { x: place.x, y: place.y },
      width: place.width,
      height: place.height,
      zIndex: depth[place.form] ?? 2,
      data: {},
    }
    drawn.set(id, { place, node })
    nodes.push(node)
  }
  for (const id of [...drawn.keys()]) if (!layout.places.has(id)) drawn.delete(id)
  return nodes
}

function isSame(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.form === b.form
}

/** Follows the scene until the returned function is called. */
export function followScene(): () => void {
  refresh()
  const stopScene = useScene.subscribe(refresh)
  const stopFilter = useSelection.subscribe(refresh)
  return () => {
    stopScene()
    stopFilter()
  }
}

/** Forgets all places, for another cluster. A rewind keeps them: what was there before is where it was. */
export function forgetPlaces(): void {
  memory = undefined
}
