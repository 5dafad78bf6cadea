import { type CelType, dynType, isSameType } from './cel-type.ts'

/** What type parameters stand for, by their names. */
export type Mapping = Map<string, CelType>

/** Whether a value of the first type may stand where the second is asked for: cel-go/checker/types.go. May add to the mapping. */
export function unify(mapping: Mapping, a: CelType, b: CelType): boolean {
  if (b.kind === 'param') {
    const had = mapping.has(b.name)
    if (substitutes(mapping, a, b)) return true
    if (had) return false
  }
  if (a.kind === 'param') return substitutes(mapping, b, a)
  if (isDynOrError(a) || isDynOrError(b)) return true
  if (a.kind === 'null') return isNullable(b)
  if (b.kind === 'null') return isNullable(a)
  switch (a.kind) {
    case 'type':
      return b.kind === 'type'
    case 'opaque':
    case 'list':
    case 'map':
      return a.kind === b.kind && a.name === b.name && unifyAll(mapping, a.params, b.params)
    default:
      return a.kind === b.kind && a.name === b.name
  }
}

export function unifyAll(mapping: Mapping, a: readonly CelType[], b: readonly CelType[]): boolean {
  return a.length === b.length && a.every((each, i) => unify(mapping, each, b[i] ?? dynType))
}

/** Whether the parameter may stand for the type. */
function substitutes(mapping: Mapping, type: CelType, param: CelType): boolean {
  if (isSameType(type, param)) return true
  const known = mapping.get(param.name)
  if (!known) return bind(mapping, param, type)
  if (isSameType(type, known)) return true
  if (!unify(mapping, type, known)) return false
  bind(mapping, param, mostGeneral(type, known))
  return true
}

function bind(mapping: Mapping, param: CelType, type: CelType): boolean {
  if (occursIn(mapping, param, type)) return false
  mapping.set(param.name, type)
  return true
}

function occursIn(mapping: Mapping, param: CelType, type: CelType): boolean {
  if (isSameType(param, type)) return true
  if (type.kind === 'param') {
    const known = mapping.get(type.name)
    return known !== undefined && occursIn(mapping, param, known)
  }
  return type.params.some(each => occursIn(mapping, param, each))
}

export function mostGeneral(a: CelType, b: CelType): CelType {
  return isEqualOrLessSpecific(a, b) ? a : b
}

function isEqualOrLessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true
  if (b.kind === 'dyn' || b.kind === 'param') return false
  if (a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  if (a.name !== b.name || a.params.length !== b.params.length) return false
  return a.params.every((each, i) => isEqualOrLessSpecific(each, b.params[i] ?? dynType))
}

/** The type with every parameter replaced by what it stands for; unknown ones become dyn if asked for. */
export function substitute(mapping: Mapping, type: CelType, freeToDyn: boolean): CelType {
  if (type.kind === 'param') {
    const known = mapping.get(type.name)
    if (known) return substitute(mapping, known, freeToDyn)
    return freeToDyn ? dynType : type
  }
  if (type.params.length === 0) return type
  return { ...type, params: type.params.map(each => substitute(mapping, each, freeToDyn)) }
}

function isNullable({ kind }: CelType): boolean {
  return kind === 'opaque' || kind === 'struct' || kind === 'duration' || kind === 'timestamp' || kind === 'null'
}

export function isDynOrError({ kind }: CelType): boolean {
  return kind === 'dyn' || kind === 'error'
}
