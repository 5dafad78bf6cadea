import type { ApiObject } from '../machinery/object.ts'
import { isEqual } from '../machinery/object.ts'
import type { Contribution, Drawing } from './contribution.ts'
import { idOf } from './contribution.ts'
import { type ComponentFacts, componentItem, type MachineFacts, machineItem } from './infrastructure.ts'
import type { Relation, SceneDelta, SceneItem } from './model.ts'
import { drawings } from './objects/index.ts'

/** A change of one API object; `next` is undefined when it was deleted. */
export interface ObjectChange {
  readonly resource: string
  readonly key: string
  readonly next: ApiObject | undefined
}

/** Everything that the page has been told, so that it needs to be told only what changed. */
export interface Scene {
  readonly contributions: Map<string, Contribution>
  readonly orders: Map<string, number>
  readonly items: Map<string, SceneItem>
  readonly relations: Map<string, Relation>
  /** Items of machines and components, which no object's deletion takes away. */
  infrastructure: Set<string>
  nextOrder: number
}

export interface Infrastructure {
  readonly machines: readonly MachineFacts[]
  readonly components: readonly ComponentFacts[]
}

type Changes = Pick<SceneDelta, 'items' | 'removedItems' | 'relations' | 'removedRelations'>

const outside: SceneItem = {
  id: idOf.outside,
  type: 'outside',
  name: 'Outside',
  tone: 'good',
  status: '',
  facts: {},
  order: 0,
}

const drawingOfResource = new Map<string, Drawing>(drawings.map(drawing => [drawing.kind.resource, drawing]))

/** A scene that shows nothing yet. */
export function newScene(): Scene {
  return {
    contributions: new Map(),
    orders: new Map(),
    items: new Map(),
    relations: new Map(),
    infrastructure: new Set(),
    nextOrder: 1,
  }
}

/** Resources whose changes a scene wants to hear of. */
export const drawnResources: readonly string[] = [...drawingOfResource.keys()]

/** Takes in what changed and returns what the page has to be told. Costs what the changes cost, not what the scene holds. */
export function updateScene(scene: Scene, changes: readonly ObjectChange[], infrastructure: Infrastructure): Changes {
  const delta = new Delta(scene)
  for (const change of changes) redraw(scene, delta, change)
  const standing = new Set<string>()
  const put = (item: SceneItem): void => {
    standing.add(item.id)
    delta.putItem(item)
  }
  put(outside)
  for (const machine of infrastructure.machines) {
    const node = scene.contributions.get(`nodes/${machine.name}`)?.items[0]
    put(machineItem(machine, orderOf(scene, idOf.machine(machine.name)), node))
  }
  for (const component of infrastructure.components) {
    put(componentItem(component, orderOf(scene, idOf.component(component.name))))
  }
  for (const id of scene.infrastructure) if (!standing.has(id)) delta.removeItem(id)
  scene.infrastructure = standing
  return delta.result()
}

function redraw(scene: Scene, delta: Delta, { resource, key, next }: ObjectChange): void {
  const drawing = drawingOfResource.get(resource)
  if (!drawing) return
  const id = `${resource}/${key}`
  const before = scene.contributions.get(id)
  // An object that was deleted and made again is another one: it goes to the end.
  const after = next && drawing.draw(next, orderOf(scene, next.metadata.uid))
  if (after) scene.contributions.set(id, after)
  else scene.contributions.delete(id)
  for (const item of before?.items ?? []) {
    if (!after?.items.some(({ id }) => id === item.id)) delta.removeItem(item.id)
  }
  for (const line of before?.relations ?? []) {
    if (!after?.relations.some(({ id }) => id === line.id)) delta.removeRelation(line.id)
  }
  // A Node's word goes into its machine's item, which is made afterwards.
  if (resource !== 'nodes') for (const item of after?.items ?? []) delta.putItem(item)
  for (const line of after?.relations ?? []) delta.putRelation(line)
}

function orderOf(scene: Scene, id: string): number {
  let order = scene.orders.get(id)
  if (order === undefined) scene.orders.set(id, (order = scene.nextOrder++))
  return order
}

/** Collects what changed while it is written into the scene. */
class Delta {
  private readonly changedItems = new Set<string>()
  private readonly changedRelations = new Set<string>()

  constructor(private readonly scene: Scene) {}

  putItem(item: SceneItem): void {
    if (isEqual(this.scene.items.get(item.id), item)) return
    this.scene.items.set(item.id, item)
    this.changedItems.add(item.id)
  }

  removeItem(id: string): void {
    if (this.scene.items.delete(id)) this.changedItems.add(id)
  }

  putRelation(relation: Relation): void {
    if (isEqual(this.scene.relations.get(relation.id), relation)) return
    this.scene.relations.set(relation.id, relation)
    this.changedRelations.add(relation.id)
  }

  removeRelation(id: string): void {
    if (this.scene.relations.delete(id)) this.changedRelations.add(id)
  }

  result(): Changes {
    const [items, removedItems] = split(this.changedItems, this.scene.items)
    const [relations, removedRelations] = split(this.changedRelations, this.scene.relations)
    return { items, removedItems, relations, removedRelations }
  }
}

function split<T>(ids: ReadonlySet<string>, held: ReadonlyMap<string, T>): [T[], string[]] {
  const present: T[] = []
  const gone: string[] = []
  for (const id of ids) {
    const value = held.get(id)
    if (value) present.push(value)
    else gone.push(id)
  }
  return [present, gone]
}
