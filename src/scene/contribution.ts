import type { Kind } from '../machinery/kind.ts'
import type { ApiObject } from '../machinery/object.ts'
import type { Relation, SceneItem } from './model.ts'

/** What one API object adds to the scene. Its items and relations are its own: no other object makes the same. */
export interface Contribution {
  readonly items: readonly SceneItem[]
  readonly relations: readonly Relation[]
}

/** How objects of one kind are drawn: one file a kind in objects/, one line in objects/index.ts. */
export interface Drawing<T extends ApiObject = ApiObject> {
  readonly kind: Kind<T>
  /** `order` numbers the objects in the order in which the scene first saw them. */
  draw(object: T, order: number): Contribution
}

/** Names the object type once and checks the function against it. */
export function drawingOf<T extends ApiObject>(kind: Kind<T>, draw: Drawing<T>['draw']): Drawing<T> {
  return { kind, draw }
}

/** An item's id is made of names that relations elsewhere can know, see SceneItem.id. */
export const idOf = {
  outside: 'outside',
  machine: (name: string): string => `machine/${name}`,
  component: (name: string): string => `component/${name}`,
  pod: (uid: string): string => `pod/${uid}`,
  workload: (uid: string): string => `workload/${uid}`,
  service: (namespace: string, name: string): string => `service/${namespace}/${name}`,
  ingress: (namespace: string, name: string): string => `ingress/${namespace}/${name}`,
  volume: (namespace: string, name: string): string => `volume/${namespace}/${name}`,
  config: (resource: string, namespace: string, name: string): string => `config/${resource}/${namespace}/${name}`,
}

export function relation(type: Relation['type'], from: string, to: string, live?: boolean): Relation {
  return { id: `${type}:${from}>${to}`, type, from, to, ...(live !== undefined && { live }) }
}
