import { goJson, Printed } from '../../machinery/go-text.ts'
import { internalFields } from './internalstructs.ts'
import { unifiedDiff } from './linediff.ts'

/**
 * Objects as the API server's internal structs, which some of its messages print: as JSON, or as a unified diff of
 * indented JSON (apimachinery/pkg/util/diff).
 */

type Plain = Readonly<Record<string, unknown>>

/** A value of the API in the shape of an internal struct. Its keys are in the struct's order. */
export function internalForm(struct: string, value: object): Plain {
  const source: Plain = { ...value }
  const result: Record<string, unknown> = {}
  for (const { name, key, type, struct: inner } of internalFields(struct)) {
    const item = source[key]
    switch (type) {
      case 'string':
        result[name] = item ?? ''
        break
      case 'int':
        result[name] = item ?? 0
        break
      case 'bool':
        result[name] = item ?? false
        break
      case 'value':
        result[name] = item ?? null
        break
      case 'list':
        result[name] = isObject(item) ? sorted(item) : null
        break
      case 'struct':
        result[name] = internalForm(inner, isObject(item) ? item : {})
        break
      case 'pointer':
        result[name] = isObject(item) ? internalForm(inner, item) : null
        break
      case 'structs':
        result[name] = Array.isArray(item) ? item.map(each => internalForm(inner, isObject(each) ? each : {})) : null
    }
  }
  return result
}

/** A Pod's spec: internally the namespaces it shares with the host belong to its security context. */
export function internalPodSpec(spec: object): Plain {
  const source: Plain = { ...spec }
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = source
  const context = isObject(source['securityContext']) ? source['securityContext'] : {}
  return internalForm('PodSpec', {
    ...source,
    securityContext: { ...context, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  })
}

/** Go's JSON sorts the keys of maps. */
function sorted(list: object): object {
  if (Array.isArray(list)) return list
  return Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A value as upstream prints it in an error: JSON of the internal struct. */
export function printInternal(struct: string, value: object): Printed {
  return new Printed(goJson(internalForm(struct, value)))
}

/** A template as upstream prints it: its metadata is of the public type, its spec is not. */
export function printTemplate({ metadata, spec }: { metadata?: object; spec: object }): Printed {
  return new Printed(goJson({ ...metadata, Spec: internalPodSpec(spec) }))
}

/** What changed between two internal forms, as lines: `@@ -1,7 +1,7 @@` and three lines around each change. */
export function internalDiff(before: Plain, after: Plain): string {
  return unifiedDiff(indented(before), indented(after))
}

function indented(value: Plain): string[] {
  return JSON.stringify(value, null, 1).split('\n')
}
