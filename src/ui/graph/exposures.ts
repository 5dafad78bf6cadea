import type { Relation, SceneItem } from '../../scene/model.ts'

/** Services with a door to the outside. */
const open = new Set(['NodePort', 'LoadBalancer'])

/**
 * Lines from the world outside to what it can reach. No API object says them, so the scene has none: they follow from a
 * Service's type, and from there being an Ingress at all.
 */
export function exposuresOf(items: Iterable<SceneItem>): readonly Relation[] {
  const all = [...items]
  const outside = all.find(item => item.type === 'outside')
  if (!outside) return []
  return all.filter(isExposed).map(item => {
    const [from, to] = [outside.id, item.id]
    return { id: `exposes:${from}>${to}`, type: 'exposes', from, to }
  })
}

function isExposed(item: SceneItem): boolean {
  return item.type === 'ingress' || (item.type === 'service' && open.has(item.facts['type'] ?? ''))
}
