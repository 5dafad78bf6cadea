import type { Docs } from '../../../machinery/docs.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from '../../../machinery/schema.ts'

/** What `kubectl explain` prints of a type, or of a field of it: kubectl/pkg/explain/v2/templates/plaintext.tmpl. */
export interface Explained {
  readonly type: TypeSchema
  readonly path: readonly string[]
  readonly recursive: boolean
  /** 0: no limit. */
  readonly docs: Docs
}

/** The text; undefined when the path leads nowhere. */
export function explainText({ type, path, recursive, docs }: Explained): string | undefined {
  const options = { recursive, docs }
  if (path.length === 0) return body(docs.ofType(type.name), type, options)
  const found = follow(type, path)
  if (!found) return undefined
  const { owner, field } = found
  const target = objectIn(field.value)
  const text = [docs.ofField(owner.name, field.name), target ? docs.ofType(target.name) : '']
    .filter(part => part !== '')
    .join('\n')
  const values = field.value.enum ? `ENUM:${field.value.enum.map(value => `\n    ${value || '""'}`).join('')}` : ''
  return `FIELD: ${field.name} <${typeText(field.value)}>\n${values}\n\n${body(text, target, options)}`
}

type Options = Pick<Explained, 'recursive' | 'docs'>

function body(description: string, type: TypeSchema | undefined, options: Options): string {
  const text = description === '' ? '<empty>' : `${description}\n`
  const fields = type ? fieldList(type, 1, options, [type.name]) : ''
  return `DESCRIPTION:\n${indent(wrap(text, 76), 4)}\n${fields === '' ? '' : `FIELDS:\n${fields}`}`
}

function follow(type: TypeSchema, path: readonly string[]): { owner: TypeSchema; field: FieldSchema } | undefined {
  let owner: TypeSchema | undefined = type
  let found: { owner: TypeSchema; field: FieldSchema } | undefined
  for (const name of path) {
    const field: FieldSchema | undefined = owner?.fields.get(name)
    if (!owner || !field) return undefined
    found = { owner, field }
    owner = objectIn(field.value)
  }
  return found
}

/** The struct that a value, an item of it or a member of it is. What may be a schema or something else has no fields. */
function objectIn(value: ValueSchema): TypeSchema | undefined {
  if (value.type.startsWith('schema-or-')) return undefined
  return value.object ?? (value.items ? objectIn(value.items) : undefined)
}

const plain: Readonly<Record<string, string>> = {
  time: 'string',
  bytes: 'string',
  'micro-time': 'string',
  quantity: 'Quantity',
  'int-or-string': 'IntOrString',
}

function typeText(value: ValueSchema): string {
  if (value.type === 'array' && value.items) return `[]${typeText(value.items)}`
  if (value.type === 'map' && value.items) return `map[string]${typeText(value.items)}`
  if (value.type === 'object' && value.object) return value.object.structName
  const known = plain[value.type]
  if (known !== undefined) return known
  if (['string', 'integer', 'number', 'boolean'].includes(value.type)) return value.type
  return value.goType.split('.').at(-1)?.replace(/^\W+/, '') || 'Object'
}

const enumLimit = 4

function fieldList(type: TypeSchema, level: number, options: Options, seen: readonly string[]): string {
  const { docs, recursive } = options
  return [...type.fields.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(field => {
      const space = ' '.repeat(level * 2)
      const { value } = field
      const choices = value.enum ? `\n${space}enum: ${enumText(value.enum)}` : ''
      const head = `${space}${field.name}\t<${typeText(value)}>${field.required ? ' -required-' : ''}${choices}\n`
      if (!recursive) {
        const text = docs.ofField(type.name, field.name) || '<no description>'
        return `${head}${indent(wrap(text, 78 - level * 2), level * 2 + 2)}\n\n`
      }
      const inner = objectIn(value)
      const goesOn = inner && !seen.includes(inner.name)
      return goesOn ? head + fieldList(inner, level + 1, options, [...seen, inner.name]) : head
    })
    .join('')
}

function enumText(values: readonly string[]): string {
  const shown = values.slice(0, enumLimit).map(value => value || '""')
  return `${shown.join(', ')}${values.length > enumLimit ? ', ....' : ''}`
}

function indent(text: string, by: number): string {
  const space = ' '.repeat(by)
  return space + text.replaceAll('\n', `\n${space}`)
}

/** Breaks lines at blanks so that they are no longer than a limit: mitchellh/go-wordwrap. */
function wrap(text: string, limit: number): string {
  return text
    .split('\n')
    .map(line => {
      let done = ''
      let current = ''
      for (const [, space = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
        if (word === '' && space === '') break
        if (current !== '' && current.length + space.length + word.length > limit) {
          done += `${current}\n`
          current = word
        } else current += space + word
      }
      return done + current
    })
    .join('\n')
}
