import { regexCost } from '../costs.ts'
import { define, type FunctionDeclaration, global, member } from '../functions.ts'
import { listOf, optionalOf, stringType, struct } from '../cel-type.ts'
import { list, none, Opaque, Optional } from '../values.ts'
import { daysFromCivil, parseRfc3339 } from '../go-duration.ts'
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isLabelValue,
  isQualifiedName,
  maskTrailingDash,
} from '../../validation.ts'
import { parseUrl } from './urls.ts'

const formatType = struct('kubernetes.NamedFormat')

interface Format {
  readonly check: (text: string) => readonly string[]
  readonly maxRegexSize: number
}

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function holds(test: (text: string) => boolean, message: string): Format['check'] {
  return text => (test(text) ? [] : [message])
}

function prefix(check: Format['check']): Format['check'] {
  return text => check(maskTrailingDash(text))
}

function uri(text: string): string[] {
  const { error } = parseUrl(text)
  return error === undefined ? [] : [error]
}

const formats: Readonly<Record<string, Format>> = {
  dns1123Label: { check: isDns1123Label, maxRegexSize: 30 },
  dns1123Subdomain: { check: isDns1123Subdomain, maxRegexSize: 60 },
  dns1035Label: { check: isDns1035Label, maxRegexSize: 30 },
  qualifiedName: { check: isQualifiedName, maxRegexSize: 60 },
  dns1123LabelPrefix: { check: prefix(isDns1123Label), maxRegexSize: 30 },
  dns1123SubdomainPrefix: { check: prefix(isDns1123Subdomain), maxRegexSize: 60 },
  dns1035LabelPrefix: { check: prefix(isDns1035Label), maxRegexSize: 30 },
  labelValue: { check: isLabelValue, maxRegexSize: 40 },
  uri: { check: uri, maxRegexSize: 1_000 },
  uuid: { check: holds(text => uuid.test(text), 'does not match the UUID format'), maxRegexSize: 70 },
  byte: { check: holds(text => text !== '' && base64.test(text), 'invalid base64'), maxRegexSize: 84 },
  date: { check: holds(isDate, 'invalid date'), maxRegexSize: 180 },
  datetime: { check: holds(text => parseRfc3339(text) !== undefined, 'invalid datetime'), maxRegexSize: 180 },
}

function wrap(name: string, format: Format): Opaque<Format> {
  return new Opaque(formatType, format, name)
}

/** apiserver/pkg/cel/library/format.go. */
export const namedFormats: readonly FunctionDeclaration[] = [
  define(
    'format.named',
    global([stringType], optionalOf(formatType), (name: string) => {
      const format = Object.hasOwn(formats, name) ? formats[name] : undefined
      return format ? new Optional(wrap(name, format)) : none
    }),
  ),
  ...Object.entries(formats).map(([name, format]) =>
    define(
      `format.${name}`,
      global([], formatType, () => wrap(name, format)),
    ),
  ),
  define(
    'validate',
    member(
      [formatType, stringType],
      optionalOf(listOf(stringType)),
      ({ value }: Opaque<Format>, text: string) => {
        const errors = value.check(text)
        return errors.length === 0 ? none : new Optional(list([...errors]))
      },
      ([format, text]) => {
        const size = format instanceof Opaque ? (format as Opaque<Format>).value.maxRegexSize : 1
        return regexCost([text ?? '', ' '.repeat(size)])
      },
    ),
  ),
]

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match !== null && daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) !== undefined
}
