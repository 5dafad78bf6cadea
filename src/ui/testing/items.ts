import type { ItemType, Relation, RelationType, SceneDelta, SceneItem } from '../../scene/model.ts'

let count = 0

/** An item for tests: `item('pod', 'web-1', { parent: 'machine/w1' })`. Later ones are younger. */
export function item(type: ItemType, name: string, more: Partial<SceneItem> = {}): SceneItem {
  return { id: `${type}/${name}`, type, name, tone: 'good', status: 'Ready', facts: {}, order: count++, ...more }
}

export function pod(name: string, machine: string | undefined, more: Partial<SceneItem> = {}): SceneItem {
  const parent = machine === undefined ? {} : { parent: `machine/${machine}` }
  return item('pod', name, { kind: 'Pod', resource: 'pods', namespace: 'default', ...parent, ...more })
}

export function worker(name: string): SceneItem {
  return item('machine', name, { kind: 'Node', facts: { role: 'worker', address: '192.168.1.101' } })
}

export function master(name: string): SceneItem {
  return item('machine', name, { kind: 'Node', facts: { role: 'master', address: '192.168.1.10' } })
}

export function relate(type: RelationType, from: string, to: string, live?: boolean): Relation {
  return { id: `${type}:${from}>${to}`, type, from, to, ...(live === undefined ? {} : { live }) }
}

/** A delta with nothing in it but what is given. */
export function delta(change: Partial<SceneDelta>): SceneDelta {
  return {
    reset: false,
    items: [],
    removedItems: [],
    relations: [],
    removedRelations: [],
    motions: [],
    marks: [],
    ...change,
  }
}
