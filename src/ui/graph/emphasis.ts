import { create } from 'zustand'
import type { Relation, SceneItem } from '../../scene/model.ts'
import { usePreferences } from '../preferences.ts'
import { useSelection } from '../selection.ts'
import { useScene } from '../store.ts'

/** What a selection brings forward: everything related to it in either direction; the rest steps back. */
interface Emphasis {
  readonly centre: string | undefined
  readonly related: ReadonlySet<string>
}

export const useEmphasis = create<Emphasis>(() => ({ centre: undefined, related: new Set() }))

export type Stress = 'none' | 'selected' | 'related' | 'faded'

/** How strongly one thing is drawn. */
export function useStress(id: string): Stress {
  return useEmphasis(state => {
    if (state.centre === id) return 'selected'
    if (state.related.size === 0) return 'none'
    return state.related.has(id) ? 'related' : 'faded'
  })
}

const downwards = new Set<Relation['type']>(['owns', 'routes', 'selects', 'exposes'])

/**
 * All that hangs together with a thing: what it leads to, as far as it leads (Deployment → ReplicaSet → Pods), what leads
 * to it, and where it runs. Going down and going up do not mix, or one Pod would bring in all its siblings.
 */
export function relatedTo(
  centre: string,
  relations: Iterable<Relation>,
  items: ReadonlyMap<string, Pick<SceneItem, 'id' | 'type' | 'parent'>>,
): ReadonlySet<string> {
  const all = [...relations]
  const found = new Set<string>()
  follow(centre, all, found, 'from', 'to')
  follow(centre, all, found, 'to', 'from')
  const chain = new Set([centre, ...found])
  for (const { type, from, to } of all) {
    if (type === 'mounts' && chain.has(from)) found.add(to)
    // The other way round only from the thing itself, or a ConfigMap would bring in everybody who reads it.
    if (!downwards.has(type) && from === centre) found.add(to)
    if (!downwards.has(type) && to === centre) found.add(from)
  }
  for (const id of chain) {
    const item = items.get(id)
    if (item?.type === 'pod' && item.parent !== undefined) found.add(item.parent)
  }
  if (items.get(centre)?.type === 'machine') {
    for (const item of items.values()) if (item.parent === centre) found.add(item.id)
  }
  return found
}

function follow(
  centre: string,
  relations: readonly Relation[],
  found: Set<string>,
  near: 'from' | 'to',
  far: 'from' | 'to',
): void {
  const queue = [centre]
  const seen = new Set(queue)
  for (const id of queue) {
    for (const relation of relations) {
      if (relation[near] !== id || !downwards.has(relation.type) || seen.has(relation[far])) continue
      seen.add(relation[far])
      found.add(relation[far])
      queue.push(relation[far])
    }
  }
}

function refresh(): void {
  const centre = useSelection.getState().selected
  const { relations, items } = useScene.getState()
  // Whoever went back to the editor looks at the whole again: what fails next must not be a ghost.
  const { sideOpen, sideTab } = usePreferences.getState()
  const isLookedAt = centre !== undefined && sideOpen && sideTab === 'inspector'
  const related = isLookedAt ? relatedTo(centre, relations.values(), items) : new Set<string>()
  useEmphasis.setState({ centre, related })
}

/** Follows selection and relations until the returned function is called. */
export function followSelection(): () => void {
  refresh()
  let wiring = useScene.getState().wiring
  const stopScene = useScene.subscribe(scene => {
    if (scene.wiring === wiring) return
    wiring = scene.wiring
    refresh()
  })
  const stopSelection = useSelection.subscribe((now, before) => {
    if (now.selected !== before.selected) refresh()
  })
  const stopPanels = usePreferences.subscribe((now, before) => {
    if (now.sideTab !== before.sideTab || now.sideOpen !== before.sideOpen) refresh()
  })
  return () => {
    stopScene()
    stopSelection()
    stopPanels()
  }
}
