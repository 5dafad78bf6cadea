import type { Relation, RelationType } from '../../scene/model.ts'

export type RelationWord =
  | 'owns'
  | 'ownedBy'
  | 'selects'
  | 'selectedBy'
  | 'routes'
  | 'routedBy'
  | 'exposes'
  | 'exposedBy'
  | 'runs'
  | 'runsOn'
  | 'mounts'
  | 'mountedBy'

export interface RelatedGroup {
  readonly word: RelationWord
  readonly links: readonly { readonly id: string; readonly live: boolean }[]
}

/** What a relation is called from either end. */
const words: Record<RelationType, { readonly from: RelationWord; readonly to: RelationWord }> = {
  owns: { from: 'owns', to: 'ownedBy' },
  selects: { from: 'selects', to: 'selectedBy' },
  routes: { from: 'routes', to: 'routedBy' },
  exposes: { from: 'exposes', to: 'exposedBy' },
  runs: { from: 'runs', to: 'runsOn' },
  mounts: { from: 'mounts', to: 'mountedBy' },
}

/** The direct relations of an item, in groups by what they are called from its end. */
export function relatedGroups(id: string, relations: Iterable<Relation>): readonly RelatedGroup[] {
  const groups = new Map<RelationWord, { id: string; live: boolean }[]>()
  for (const relation of relations) {
    if (relation.from !== id && relation.to !== id) continue
    const isFrom = relation.from === id
    const word = words[relation.type][isFrom ? 'from' : 'to']
    const link = { id: isFrom ? relation.to : relation.from, live: relation.live ?? true }
    const group = groups.get(word)
    if (group) group.push(link)
    else groups.set(word, [link])
  }
  return [...groups].map(([word, links]) => ({ word, links }))
}
