import { quote } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { UsageError } from '../errors.ts'
import { JsonPath, relaxedPath } from '../printers/jsonpath.ts'
import { at, objectsAt, textAt } from '../unstructured.ts'

/** What `--for` waits for: kubectl/pkg/cmd/wait. */
export type Condition =
  | { readonly type: 'create' }
  | { readonly type: 'delete' }
  | { readonly type: 'state'; isMet(object: JsonObject): boolean }

/** Reads the values of `--for`. */
export function readConditions(texts: readonly string[]): readonly Condition[] {
  if (texts.length === 0) throw new UsageError('unrecognized condition: []')
  return texts.map(readCondition)
}

function readCondition(text: string): Condition {
  const lower = text.toLowerCase()
  if (lower === 'create' || lower === 'delete') return { type: lower }
  if (text.startsWith('condition=')) {
    const [name = '', ...rest] = text.slice('condition='.length).split('=')
    const status = rest.length === 0 ? 'true' : rest.join('=')
    return { type: 'state', isMet: object => hasCondition(object, name, status) }
  }
  if (text.startsWith('jsonpath=')) return pathCondition(text.slice('jsonpath='.length))
  throw new UsageError(`unrecognized condition: ${quote(text)}`)
}

function hasCondition(object: JsonObject, name: string, status: string): boolean {
  const condition = objectsAt(object, 'status', 'conditions').find(each => isSame(textAt(each, 'type'), name))
  if (!condition) return false
  const generation = at(object, 'metadata', 'generation')
  const observed = condition.observedGeneration ?? at(object, 'status', 'observedGeneration')
  if (typeof generation === 'number' && typeof observed === 'number' && observed < generation) return false
  return isSame(textAt(condition, 'status'), status)
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

function pathCondition(text: string): Condition {
  const [expression = '', value, ...more] = text.split(/(?<!=)=(?!=)/)
  if (more.length > 0) {
    const forms = "--for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'"
    throw new UsageError(`jsonpath wait format must be ${forms}`)
  }
  if (expression === '') throw new UsageError('jsonpath expression cannot be empty')
  const wanted = value?.replace(/^['"]+|['"]+$/g, '')
  if (wanted === '') {
    throw new UsageError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    )
  }
  const path = new JsonPath(relaxedPath(expression), { allowMissing: true })
  return { type: 'state', isMet: object => matches(path, object, wanted) }
}

function matches(path: JsonPath, object: JsonObject, wanted: string | undefined): boolean {
  const [first = [], ...others] = path.find(object)
  const [found, another] = first
  if (first.length === 0) return false
  if (others.length > 0) throw new UsageError('given jsonpath expression matches more than one list')
  if (another !== undefined) throw new UsageError('given jsonpath expression matches more than one value')
  if (wanted === undefined) return true
  if (typeof found === 'object' && found !== null) {
    throw new UsageError('jsonpath leads to a nested object or list which is not supported')
  }
  return String(found).trim() === wanted.trim()
}
