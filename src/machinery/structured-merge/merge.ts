import { asList, asMap, type Atom, formOf, isHollow, type ListAtom, type MapAtom, memberOf } from './atom.ts'
import { elementOfItem } from './list-items.ts'

/**
 * Lays an applied configuration over an object: typed/merge.go. Nothing is removed; where both say something, the
 * configuration counts. Both have been validated. Parts that do not change are those of the object.
 */
export function merge(atom: Atom, object: unknown, config: unknown): unknown {
  if (config === undefined || object === config) return object
  if (object === undefined) return config
  const { kind } = formOf(atom, config)
  if (kind === 'map' && atom.map) return mergeMaps(atom.map, object, config)
  if (kind === 'list' && atom.list) return mergeLists(atom.list, object, config)
  return config
}

function mergeMaps(map: MapAtom, object: unknown, config: unknown): unknown {
  const left = asMap(object)
  const right = asMap(config)
  if (map.isAtomic || (isHollow(left) && isHollow(right))) return config
  const result: Record<string, unknown> = {}
  for (const name in left) put(result, name, merge(typeOf(map, name), left[name], memberOf(right, name)))
  for (const name in right) if (memberOf(left, name) === undefined) put(result, name, right[name])
  return Object.keys(result).length > 0 ? result : undefined
}

function put(result: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) return
  // A key of a map may have any name.
  Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true })
}

function typeOf(map: MapAtom, name: string): Atom {
  return map.field(name)?.type ?? map.elements ?? {}
}

function mergeLists(list: ListAtom, object: unknown, config: unknown): unknown {
  const left = asList(object) ?? []
  const right = asList(config) ?? []
  if (list.isAtomic || (left.length === 0 && right.length === 0)) return config
  const merged = new ListMerge(list, left, right).run()
  return merged.length > 0 ? merged : undefined
}

/** The order is that of the configuration for the items it has; the others stay where they stood among them. */
class ListMerge {
  private readonly leftElements: readonly string[]
  private readonly rightElements: readonly string[]
  private readonly leftItems = new Map<string, unknown>()
  private readonly rightItems = new Map<string, unknown>()
  /** Items of both that are still to come, in the order of the configuration. */
  private readonly shared: string[]
  private readonly taken = new Set<string>()
  private readonly out: unknown[] = []

  constructor(
    private readonly list: ListAtom,
    private readonly left: readonly unknown[],
    right: readonly unknown[],
  ) {
    this.leftElements = left.map(item => elementOfItem(list, item))
    this.rightElements = right.map(item => elementOfItem(list, item))
    this.leftElements.forEach((element, index) => {
      // Repeated items are not merged with the new one: it takes their place.
      this.leftItems.set(element, this.leftItems.has(element) ? null : left[index])
    })
    this.rightElements.forEach((element, index) => this.rightItems.set(element, right[index]))
    this.shared = this.rightElements.filter(element => this.leftItems.has(element))
  }

  run(): unknown[] {
    let left = 0
    let right = 0
    let next = this.shared.shift()
    while (left < this.leftElements.length || right < this.rightElements.length) {
      const mine = this.leftElements[left]
      const other = this.rightElements[right]
      if (mine !== undefined && other !== undefined) {
        if (mine === other) {
          this.take(other)
          left++
          right++
          next = this.shared.shift()
          continue
        }
        if (this.rightItems.has(mine) && next !== undefined && next !== mine) {
          left++
          continue
        }
      }
      if (mine !== undefined) {
        if (!this.rightItems.has(mine)) {
          this.out.push(this.left[left])
          left++
          continue
        }
        if (this.taken.has(mine)) left++
      }
      if (other !== undefined) {
        this.take(other)
        right++
        if (next === other) next = this.shared.shift()
      }
    }
    return this.out
  }

  /** An item of the configuration, laid over the one of the object if that has it. */
  private take(element: string): void {
    this.taken.add(element)
    const item = merge(this.list.items, this.leftItems.get(element), this.rightItems.get(element))
    if (item !== undefined) this.out.push(item)
  }
}
