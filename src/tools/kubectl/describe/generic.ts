import { compareBytes } from '../../../machinery/go-text.ts'
import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { nameOf, namespaceOf, textOf } from '../unstructured.ts'
import { type Describer, writeEvents, writeMarks } from './sections.ts'
import type { Page } from './page.ts'

/** Objects of kinds that have no describer: every field by its name in words. */
export const describeGeneric: Describer = (page, object, describing) => {
  page.line(0, `Name:\t${nameOf(object)}`)
  page.line(0, `Namespace:\t${namespaceOf(object)}`)
  writeMarks(page, object)
  writeFields(page, 0, object, '', skipped)
  writeEvents(page, object, describing)
}

const skipped = new Set([
  ...['.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations', '.metadata.managedFields'],
])

function writeFields(page: Page, level: number, object: JsonObject, prefix: string, skip: ReadonlySet<string>): void {
  for (const key of Object.keys(object).sort(compareBytes)) {
    const path = `${prefix}.${key}`
    if (skip.has(path)) continue
    const value = object[key]
    const title = titleOf(key)
    if (isObject(value)) {
      page.line(level, `${title}:`)
      writeFields(page, level + 1, value, path, skip)
    } else if (isList(value)) {
      page.line(level, `${title}:`)
      for (const item of value) {
        if (isObject(item)) writeFields(page, level + 1, item, path, skip)
        else page.line(level + 1, textOf(item))
      }
    } else page.line(level, `${title}:\t${value === null ? '<nil>' : textOf(value)}`)
  }
}

const acronyms = new Set(['API', 'URL', 'UID', 'GUID'])

/** `creationTimestamp` → `Creation Timestamp`: smartLabelFor. Names with digits and signs stay as they are. */
function titleOf(key: string): string {
  if (!/^[\p{L}-]*$/u.test(key)) return key
  const parts = key.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-+/g) ?? [key]
  return parts
    .map(part => {
      if (acronyms.has(part.toUpperCase())) return part.toUpperCase()
      return part.toLowerCase() === part ? part.charAt(0).toUpperCase() + part.slice(1) : part
    })
    .join(' ')
}
