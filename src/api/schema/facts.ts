import type { ValueType } from '../../machinery/schema.ts'

/** A value as `list-semantics.json` describes it: a field, an item of a list, or a value of a map. */
export interface RawValue {
  type?: string
  ref?: string
  items?: RawValue
  additionalProperties?: RawValue
  format?: string
  enum?: string[]
  default?: unknown
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-patch-merge-key'?: string
}

export interface RawGvk {
  group: string
  version: string
  kind: string
}

/** A type as `list-semantics.json` describes it. */
export interface RawType {
  required?: string[]
  'x-kubernetes-group-version-kind'?: RawGvk[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-unions'?: readonly object[]
  fields?: Record<string, RawValue>
}

export type RawTypes = Record<string, RawType>

/** Types that stand for one JSON value of a form of their own instead of for an object with fields. */
export const leafTypes = new Map<string, ValueType>([
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', 'time'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', 'micro-time'],
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', 'quantity'],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', 'int-or-string'],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', 'raw'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1', 'raw'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Patch', 'raw'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON', 'raw'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray', 'schema-or-array'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool', 'schema-or-bool'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray', 'schema-or-strings'],
])

/** `PodSpec` of `io.k8s.api.core.v1.PodSpec`. */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** `core.v1` of `io.k8s.api.core.v1.PodSpec`: the generated file in which the type stands. */
export function moduleOf(name: string): string {
  return name.split('.').slice(-3, -1).join('.')
}

/** The types whose package is among those served, and all that they refer to; names that stand for one value excepted. */
export function servedTypes(types: RawTypes, packages: readonly string[]): RawTypes {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name) || leafTypes.has(name)) return
    found.add(name)
    for (const field of Object.values(types[name]?.fields ?? {})) for (const ref of refsOf(field)) visit(ref)
  }
  const names = Object.keys(types)
  for (const name of names) if (packages.includes(name.slice(0, name.lastIndexOf('.')))) visit(name)
  return Object.fromEntries(names.filter(name => found.has(name)).map(name => [name, types[name] ?? {}]))
}

function refsOf(value: RawValue): string[] {
  if (value.ref) return [value.ref]
  const inner = value.items ?? value.additionalProperties
  return inner ? refsOf(inner) : []
}
