import { assert } from './assert.ts'
import { compareBytes } from './go-text.ts'
import { isList, isObject } from './json-value.ts'
import { parseQuantity, zero } from './quantity.ts'

/**
 * The text that Kubernetes hashes to name ReplicaSets: what spew prints of a Go struct with `%#v` (k8s.io/utils/dump,
 * ForHash). It shows every field with its type, those that are not set included, so it takes a table of the structs.
 * Empty lists and maps count as absent, as after a journey through protobuf.
 */

/** Prints a value of a type; absent means Go's zero value. */
type Dump = (value: unknown) => string

/** Reads a table of structs (see api/core/podtemplate-structs.ts) and answers the printer of one of them. */
export function structDump(table: string, name: string): (value: object) => string {
  const structs = new Map<string, string>()
  for (const line of table.replaceAll('\n  ', ' ').trim().split('\n')) {
    const colon = line.indexOf(':')
    structs.set(`v1.${line.slice(0, colon)}`, line.slice(colon + 2))
  }
  const dumps = new Map<string, Dump>(Object.entries(leaves))
  const dump = dumpOf(`v1.${name}`, structs, dumps)
  return value => `(v1.${name})${dump(value)}`
}

const text: Dump = value => (typeof value === 'string' ? value : '')
const integer: Dump = value => (typeof value === 'number' ? String(value) : '0')

const leaves: Record<string, Dump> = {
  string: text,
  int32: integer,
  int64: integer,
  bool: value => (value === true ? 'true' : 'false'),
  'types.UID': text,
  'intstr.IntOrString': dumpIntOrString,
  'resource.Quantity': dumpQuantity,
  'v1.ResourceList': value => dumpMap(value, dumpQuantity),
  // Templates carry no times: the API server drops creationTimestamp, and nothing sets the others.
  'v1.Time': () => '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}',
  'v1.FieldsV1': () => '{Raw:([]uint8)<nil>}',
}

function dumpOf(type: string, structs: ReadonlyMap<string, string>, dumps: Map<string, Dump>): Dump {
  const known = dumps.get(type)
  if (known) return known
  const dump = makeDump(type, structs, dumps)
  dumps.set(type, dump)
  return dump
}

function makeDump(type: string, structs: ReadonlyMap<string, string>, dumps: Map<string, Dump>): Dump {
  if (type.startsWith('*')) {
    const target = dumpOf(type.slice(1), structs, dumps)
    return value => (value === undefined || value === null ? '<nil>' : target(value))
  }
  if (type.startsWith('[]')) {
    const item = dumpOf(type.slice(2), structs, dumps)
    return value => (isList(value) && value.length > 0 ? `[${value.map(item).join(' ')}]` : '<nil>')
  }
  if (type === 'map[string]string') return value => dumpMap(value, text)
  const fields = structs.get(type)
  // Every other name is one of the many string types.
  return fields === undefined ? text : structOf(fields, structs, dumps)
}

interface Field {
  /** Ends before the value: ` Name:(string)`. */
  readonly prefix: string
  /** undefined for an embedded struct. */
  readonly jsonName: string | undefined
  readonly dump: Dump
}

function structOf(table: string, structs: ReadonlyMap<string, string>, dumps: Map<string, Dump>): Dump {
  const fields = table.split(', ').map((entry, i): Field => {
    const [, embedded, name = '', jsonName, type = ''] = /^(\.\.\.)?(\w+)(?:\((\w+)\))? (\S+)$/.exec(entry) ?? []
    assert(type !== '', `'${entry}' is a field of a Go struct`)
    return {
      prefix: `${i === 0 ? '' : ' '}${name}:(${type})`,
      jsonName: embedded ? undefined : (jsonName ?? name.charAt(0).toLowerCase() + name.slice(1)),
      dump: dumpOf(type, structs, dumps),
    }
  })
  return value => {
    const object = isObject(value) ? value : undefined
    let dumped = '{'
    for (const { prefix, jsonName, dump } of fields) {
      dumped += prefix + dump(jsonName === undefined ? object : object?.[jsonName])
    }
    return `${dumped}}`
  }
}

function dumpMap(value: unknown, dump: Dump): string {
  if (!isObject(value)) return '<nil>'
  const keys = Object.keys(value)
  if (keys.length === 0) return '<nil>'
  return `map[${keys
    .sort(compareBytes)
    .map(key => `${key}:${dump(value[key])}`)
    .join(' ')}]`
}

function dumpIntOrString(value: unknown): string {
  const isText = typeof value === 'string'
  return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${integer(value)} StrVal:(string)${text(value)}}`
}

/** resource.Quantity has four private fields, which say how its text was parsed. */
function dumpQuantity(value: unknown): string {
  const { digits, scale, format, text, form } = typeof value === 'string' ? parseQuantity(value) : zero
  const [amount, exponent] = form === 'big' ? [0, 0] : [digits, scale]
  const big = form === 'big' ? dumpDecimal(BigInt(digits), -scale) : '<nil>'
  const i = `{value:(int64)${amount} scale:(resource.Scale)${exponent}}`
  const kept = form === 'kept' ? text : ''
  return `{i:(resource.int64Amount)${i} d:(resource.infDecAmount){Dec:(*inf.Dec)${big}} s:(string)${kept} Format:(resource.Format)${format}}`
}

function dumpDecimal(digits: bigint, scale: number): string {
  const words: bigint[] = []
  for (let rest = digits < 0n ? -digits : digits; rest > 0n; rest >>= 64n) words.push(BigInt.asUintN(64, rest))
  const abs = words.length > 0 ? `[${words.join(' ')}]` : '<nil>'
  return `{unscaled:(big.Int){neg:(bool)${digits < 0n} abs:(big.nat)${abs}} scale:(inf.Scale)${scale}}`
}
