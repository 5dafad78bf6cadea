import { compareBytes, goTypeOf, goValue, quote } from '../go-text.ts'
import { asList, asMap, type Atom, formOf, type ListAtom, type MapAtom } from './atom.ts'
import { itemElement } from './list-items.ts'
import { elementText, fieldElement, indexElement } from './path-element.ts'

/** What is wrong with a value: typed/validate.go. */
export interface ValidationError {
  readonly path: string
  readonly message: string
}

/** Errors as upstream prints them; undefined if there are none. */
export function validationText(errors: readonly ValidationError[]): string | undefined {
  const [first] = errors
  if (!first) return undefined
  const text = ({ path, message }: ValidationError): string => (path ? `${path}: ${message}` : message)
  return errors.length === 1 ? text(first) : ['errors:', ...errors.map(error => `  ${text(error)}`)].join('\n')
}

/** Checks that a value has the form of its type, and that no two items of a list are the same one. */
export function validate(atom: Atom, value: unknown, path = ''): ValidationError[] {
  const { kind } = formOf(atom, value)
  if (kind === 'map' && atom.map) return validateMap(atom.map, value, path)
  if (kind === 'list' && atom.list) return validateList(atom.list, value, path)
  if (kind === 'none') return [{ path, message: 'schema error: invalid atom: inlined' }]
  const message = scalarError(atom.scalar, value)
  return message === undefined ? [] : [{ path, message }]
}

function scalarError(scalar: Atom['scalar'], value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got ${holder(goSyntax(value))}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValue(value)}}`
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${goValue(value)}}` : undefined
  }
}

/** How Go prints the value that holds an unstructured one (value/valueunstructured.go). */
function holder(text: string): string {
  return `&value.valueUnstructured{Value:${text}}`
}

function validateMap(map: MapAtom, value: unknown, path: string): ValidationError[] {
  if (value === undefined || value === null) return []
  const fields = asMap(value)
  if (!fields) return [{ path, message: `expected map, got &{${goValue(value)}}` }]
  const errors: ValidationError[] = []
  for (const name in fields) {
    const item = fields[name]
    if (item === undefined) continue
    const type = map.field(name)?.type ?? map.elements
    const at = path + elementText(fieldElement(name))
    if (!type) return [...errors, { path: at, message: 'field not declared in schema' }]
    errors.push(...validate(type, item, at))
  }
  return errors
}

function validateList(list: ListAtom, value: unknown, path: string): ValidationError[] {
  if (value === undefined || value === null) return []
  const items = asList(value)
  if (!items) return [{ path, message: `expected list, got &{${goValue(value)}}` }]
  const errors: ValidationError[] = []
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    const element = list.isAtomic ? indexElement(index) : itemElement(list, item)
    // Without its element nothing can be said about the item.
    if (typeof element !== 'string') return [...errors, { path, message: `element ${index}: ${element.message}` }]
    if (seen.has(element)) errors.push({ path, message: `duplicate entries for key ${elementText(element)}` })
    seen.add(element)
    errors.push(...validate(list.items, item, path + elementText(element)))
  }
  return errors
}

/** Decoded JSON as Go's fmt writes it with `%#v`. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  const fields = asMap(value)
  if (!fields) return typeof value === 'string' ? quote(value) : String(value)
  const members = Object.entries(fields).sort(([a], [b]) => compareBytes(a, b))
  return `map[string]interface {}{${members.map(([name, item]) => `${quote(name)}:${goSyntax(item)}`).join(', ')}}`
}
