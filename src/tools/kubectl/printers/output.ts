import type { Context } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { goJsonSorted } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { at, nameOf, objectsAt, textAt, withAt } from '../unstructured.ts'
import { columnsOfFile, customColumns, customTable } from './custom-columns.ts'
import { goSyntax } from './go-syntax.ts'
import { GoTemplate } from './go-template.ts'
import { writeJson } from './json.ts'
import { JsonPath } from './jsonpath.ts'
import { writeKyaml } from './kyaml.ts'
import { writeYaml } from './yaml.ts'

/** The flags of verbs that print objects. */
export const outputFlags = {
  output: flag.text(
    'Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).',
    { short: 'o' },
  ),
  template: flag.text(
    'Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].',
  ),
  'allow-missing-template-keys': flag.bool(
    'If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.',
    { default: true },
  ),
  'show-managed-fields': flag.bool('If true, keep the managedFields when printing objects in JSON or YAML format.'),
}

/** Prints objects, one after the other; it remembers that it has printed before. */
export interface Printer {
  /** `isMade`: the object is kubectl's own, and JSON keeps the order of its members. */
  print(object: JsonObject, isMade?: boolean): string
}

export const generalFormats = [
  ...['go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name'],
  ...['template', 'templatefile', 'yaml'],
]
/** Formats of `kubectl get`. */
export const getFormats = [...generalFormats, 'custom-columns', 'custom-columns-file', 'wide'].sort()

export interface Chosen {
  /** `jsonpath` of `jsonpath={.kind}`. */
  readonly format: string
  /** What follows the equals sign, or `--template`. */
  readonly argument: string
}

/** What `-o` asks for; '' for the verb's own words. */
export function chosenOutput({ flags }: Context): Chosen {
  const output = String(flags.output ?? '')
  const template = String(flags.template ?? '')
  const equals = output.indexOf('=')
  const format = equals < 0 ? output : output.slice(0, equals)
  if (format === '' && template !== '') return { format: 'go-template', argument: template }
  return { format, argument: equals < 0 ? template : output.slice(equals + 1) }
}

/** A printer for `-o`; undefined when the verb speaks for itself. Throws for a format that is none. */
export function printerFor(context: Context, formats: readonly string[] = generalFormats): Printer | undefined {
  const { format, argument } = chosenOutput(context)
  if (format === '') return undefined
  if (!formats.includes(format)) {
    const words = `unable to match a printer suitable for the output format ${JSON.stringify(textOfFlag(context))}`
    throw new UsageError(`${words}, allowed formats are: ${[...formats].sort().join(',')}`)
  }
  return makePrinter(context, format, argument)
}

function textOfFlag({ flags }: Context): string {
  return String(flags.output)
}

function makePrinter(context: Context, format: string, argument: string): Printer {
  const { flags, host } = context
  const allowMissing = flags['allow-missing-template-keys'] !== false
  const shown = (object: JsonObject): JsonObject =>
    flags['show-managed-fields'] === true ? object : withoutManagedFields(object)
  const needsArgument = !['json', 'yaml', 'kyaml', 'name'].includes(format)
  if (needsArgument && argument === '' && !format.startsWith('custom-columns')) {
    throw new UsageError('template format specified but no template given')
  }
  const fileText = (): string => {
    const text = host.files.read(argument)
    if (text !== undefined) return text
    throw new UsageError(`error reading --template ${argument}, open ${argument}: no such file or directory\n`)
  }
  switch (format) {
    case 'json':
      return {
        print: (object, isMade = false) => `${writeJson(shown(object), undefined, '', isMade ? 'kept' : 'sorted')}\n`,
      }
    case 'yaml':
      return yamlPrinter(object => writeYaml(shown(object)))
    case 'kyaml':
      return { print: object => `---\n${writeKyaml(shown(object))}` }
    case 'name':
      return { print: printName }
    case 'jsonpath':
      return pathPrinter(argument, allowMissing, false)
    case 'jsonpath-file':
      return pathPrinter(fileText(), allowMissing, false)
    case 'jsonpath-as-json':
      return pathPrinter(argument, allowMissing, true)
    case 'custom-columns':
      return columnsPrinter(customColumns(argument), flags['no-headers'] === true)
    case 'custom-columns-file':
      return columnsPrinter(columnsOfFile(fileText()), flags['no-headers'] === true)
    case 'go-template':
    case 'template':
      return templatePrinter(context, argument, allowMissing)
    default:
      return templatePrinter(context, fileText(), allowMissing)
  }
}

function yamlPrinter(write: (object: JsonObject) => string): Printer {
  let count = 0
  return { print: object => (count++ > 0 ? `---\n${write(object)}` : write(object)) }
}

function columnsPrinter(columns: ReturnType<typeof customColumns>, noHeaders: boolean): Printer {
  let isFirst = true
  return {
    print(object) {
      const objects = isListObject(object) ? objectsAt(object, 'items') : [object]
      const text = customTable(columns, objects, noHeaders || !isFirst)
      isFirst = false
      return text
    },
  }
}

function pathPrinter(template: string, allowMissing: boolean, asJson: boolean): Printer {
  const path = parsed(template, allowMissing)
  return {
    print(object) {
      try {
        return asJson ? path.printJson(object) : path.print(object)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        const more = 'Printing more information for debugging the template:'
        const what = `\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`
        throw new UsageError(
          `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. ${more}\n${what}\n`,
        )
      }
    },
  }
}

function parsed(template: string, allowMissing: boolean): JsonPath {
  try {
    return new JsonPath(template, { allowMissing })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`error parsing jsonpath ${template}, ${error.message}`)
  }
}

function templatePrinter({ out }: Context, template: string, allowMissing: boolean): Printer {
  const compiled = parsedTemplate(template, allowMissing)
  return {
    print(object) {
      const { text, error } = compiled.execute(object)
      if (error === undefined) return text
      const more = 'Printing more information for debugging the template:'
      out(`${text}Error executing template: ${error}. ${more}\n`)
      out(`\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJsonSorted(object)}\n`)
      out(`\n\tobject given to template engine was:\n\t\t${compiled.show(object)}\n\n`)
      throw new UsageError(`error executing template ${JSON.stringify(template)}: ${error}`)
    },
  }
}

function parsedTemplate(template: string, allowMissing: boolean): GoTemplate {
  try {
    return new GoTemplate(template, allowMissing)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`error parsing template ${template}, ${error.message}`)
  }
}

/** `pod/web`, `deployment.apps/web`; a list one item a line. */
function printName(object: JsonObject): string {
  if (isListObject(object)) return objectsAt(object, 'items').map(printName).join('')
  return `${objectName(object)}\n`
}

export function objectName(object: JsonObject): string {
  const group = textAt(object, 'apiVersion').split('/')
  const kind = textAt(object, 'kind').toLowerCase()
  return `${group.length > 1 ? `${kind}.${group[0]}` : kind}/${nameOf(object) || '<unknown>'}`
}

export function isListObject(object: JsonObject): boolean {
  return textAt(object, 'kind').endsWith('List') && Array.isArray(object.items)
}

function withoutManagedFields(object: JsonObject): JsonObject {
  if (isListObject(object)) return { ...object, items: objectsAt(object, 'items').map(withoutManagedFields) }
  return at(object, 'metadata', 'managedFields') === undefined
    ? object
    : withAt(object, ['metadata', 'managedFields'], undefined)
}
