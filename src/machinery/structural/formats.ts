import { base64Error } from '../base64.ts'
import { daysFromCivil, parseGoDuration, parseRfc3339 } from '../cel/go-duration.ts'
import { isCidrText, isIpText } from '../cel/library/addresses.ts'
import { parseUrl } from '../cel/library/urls.ts'
import { isDns1123Label, isDns1123Subdomain } from '../validation.ts'

const uuid = (version: string, variant: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i')

function matches(pattern: RegExp): (value: string) => boolean {
  return value => pattern.test(value)
}

/** The formats of texts, by their names without dashes: kube-openapi/pkg/validation/strfmt. */
const formats: Readonly<Record<string, (value: string) => boolean>> = {
  bsonobjectid: matches(/^[0-9a-fA-F]{24}$/),
  uri: value => parseUrl(value).error === undefined,
  email: matches(/^(?:[^<>@\s"(),:;[\]\\]+@[^<>@\s"(),:;[\]\\]+|[^<>@]*<[^<>@\s]+@[^<>@\s]+>)$/),
  hostname: isHostname,
  ipv4: value => isIpText(value) && !value.includes(':'),
  ipv6: value => isIpText(value) && value.includes(':'),
  cidr: isCidrText,
  mac: matches(
    /^(?:[0-9a-fA-F]{2}([:-]))(?:[0-9a-fA-F]{2}\1){4}(?:[0-9a-fA-F]{2})(?:(?:\1[0-9a-fA-F]{2}){2})?$|^(?:[0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4}$/,
  ),
  uuid: matches(uuid('[0-9a-f]', '[0-9a-f]')),
  uuid3: matches(uuid('3', '[0-9a-f]')),
  uuid4: matches(uuid('4', '[89ab]')),
  uuid5: matches(uuid('5', '[89ab]')),
  isbn: value => isIsbn10(value) || isIsbn13(value),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: isRgb,
  byte: value => value !== '' && base64Error(value) === undefined,
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: value => parseRfc3339(value) !== undefined,
  k8sshortname: value => isDns1123Label(value).length === 0,
  k8slongname: value => isDns1123Subdomain(value).length === 0,
}

function plainName(format: string): string {
  return format.replaceAll('-', '')
}

/** Whether values of a type are checked for a format; others are ignored. */
export function knownFormat(type: string, format: string): boolean {
  if (format === '') return false
  if (type === 'integer') return format === 'int32' || format === 'int64'
  if (type === 'number') return format === 'float' || format === 'double'
  return (type === '' || type === 'string') && isTextFormat(format)
}

/** Whether it is a format of texts. */
export function isTextFormat(format: string): boolean {
  return Object.hasOwn(formats, plainName(format))
}

export function formatFits(format: string, value: string): boolean {
  return formats[plainName(format)]?.(value) ?? true
}

function isHostname(value: string): boolean {
  return value.length <= 255 && value.split('.').every(part => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(part))
}

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  return match !== null && daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) !== undefined
}

/** Go's durations, and Scala's such as `22 ns` and `3 days`. */
function isDuration(value: string): boolean {
  const scala =
    /^\s*\d+\s*(?:ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s*$/i
  return parseGoDuration(value) !== undefined || scala.test(value)
}

function isIsbn10(value: string): boolean {
  const digits = value.replace(/[\s-]/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  const sum = [...digits].reduce((total, digit, i) => total + (10 - i) * (digit === 'X' ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}

function isIsbn13(value: string): boolean {
  const digits = value.replace(/[\s-]/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  return [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0
}

function isCreditCard(value: string): boolean {
  const digits = value.replace(/[^0-9]+/g, '')
  const pattern =
    /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/
  if (!pattern.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

function isRgb(value: string): boolean {
  const match = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(value)
  return match !== null && match.slice(1).every(part => Number(part) <= 255)
}
