import type { DocsData } from '../../machinery/docs.ts'
import { localName, moduleOf, type RawType, type RawTypes } from './facts.ts'

/** Documentation out of the declaration files of @kubernetes/client-node, one class a file. */

/** What a declaration file says: of the class, and of each of its fields (empty if nothing). */
interface ClassDocs {
  text: string
  fields: Map<string, string>
}

/** Reads the declaration file of a class, such as `V1Pod`; undefined if there is none. */
export type ReadClass = (name: string) => string | undefined

/** Documentation of the types and their fields. */
export function documentation(types: RawTypes, readClass: ReadClass): DocsData {
  const classes = new Map(Object.entries(types).map(([name, type]) => [name, classOf(name, type, readClass)]))
  const texts: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? texts.push(text) - 1
    numbers.set(text, number)
    return number
  }
  const data: DocsData = { texts, types: {} }
  for (const [name, docs] of classes) {
    const fields: Record<string, number> = {}
    for (const [field, value] of Object.entries(types[name]?.fields ?? {})) {
      // The client drops the comment of a field whose type is another class: that class's comment stands in.
      const text = docs?.fields.get(field) || classes.get(value.ref ?? '')?.text
      if (text) fields[field] = numberOf(text)
    }
    data.types[name] = { text: numberOf(docs?.text ?? ''), fields }
  }
  return data
}

/** The client's name of a type is version and name; where groups share both, the group comes first. */
function classOf(name: string, type: RawType, readClass: ReadClass): ClassDocs | undefined {
  const [group = '', version = ''] = moduleOf(name).split('.')
  const versioned = capital(version) + localName(name)
  for (const candidate of [capital(group) + versioned, versioned]) {
    const text = readClass(candidate)
    const docs = text === undefined ? undefined : parseClass(text)
    if (docs && describes(docs, type)) return docs
  }
  return undefined
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Whether class and type have the same fields: what has not is a namesake. */
function describes(docs: ClassDocs, type: RawType): boolean {
  return Object.keys(type.fields ?? {}).every(field => docs.fields.has(field))
}

const classComment = /\/\*\*\n\* ([^\n]*)\n\*\/\nexport declare class/
const member = /(?:\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\n\s*)?'([^']+)'\??:/g

function parseClass(text: string): ClassDocs {
  const fields = new Map<string, string>()
  const body = text.slice(text.indexOf('export declare class'), text.indexOf('static readonly discriminator'))
  for (const [, comment = '', name = ''] of body.matchAll(member)) {
    for (const jsonName of jsonNames(name)) fields.set(jsonName, plain(comment))
  }
  return { text: plain(classComment.exec(text)?.[1] ?? ''), fields }
}

/** The client renames what is no good name in TypeScript: `_default`, `x_kubernetes_list_type`, `ref` for `$ref`. */
function jsonNames(name: string): string[] {
  if (name.startsWith('x_kubernetes_')) return [name.replaceAll('_', '-')]
  return [name.replace(/^_/, ''), `$${name}`]
}

/** Takes back what the client's generator did to make a comment of the text. */
function plain(comment: string): string {
  return comment
    .replaceAll('*_/', '*/')
    .replace(/\\(['"\\])/g, '$1')
    .trimEnd()
}
