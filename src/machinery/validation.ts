import { byteLength } from './go-text.ts'

/**
 * Which names and values are well formed, with upstream's sentences: apimachinery/pkg/util/validation/validation.go and
 * pkg/api/validate/content. Every check answers the list of what is wrong, empty if nothing is.
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const labelKey = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValue = `(${labelKey})?`
const underscoreLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const underscoreSubdomain = `${underscoreLabel}(\\.${underscoreLabel})*`
const wildcardSubdomain = `\\*\\.${subdomain}`
const cIdentifier = '[A-Za-z_][A-Za-z0-9_]*'
const configKey = '[-._a-zA-Z0-9]+'
const envName = '[-._a-zA-Z][-._a-zA-Z0-9]*'
const headerName = '[-A-Za-z0-9]+'
const percent = '[0-9]+%'
const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

const patterns = {
  label: whole(label),
  subdomain: whole(subdomain),
  label1035: whole(label1035),
  labelKey: whole(labelKey),
  labelValue: whole(labelValue),
  underscoreSubdomain: whole(underscoreSubdomain),
  wildcardSubdomain: whole(wildcardSubdomain),
  cIdentifier: whole(cIdentifier),
  configKey: whole(configKey),
  envName: whole(envName),
  headerName: whole(headerName),
  percent: whole(percent),
  httpPath: whole(httpPath),
}

export const dns1123LabelMax = 63
export const dns1123SubdomainMax = 253
export const labelValueMax = 63

/** `web`, `123-abc`: names of containers, namespaces, Service ports. */
export function isDns1123Label(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123LabelMax)
  if (patterns.label.test(value)) return errors
  if (patterns.subdomain.test(value)) return [...errors, 'must not contain dots']
  const rule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
  return [...errors, regexError(rule, label, 'my-name', '123-abc')]
}

/** `example.com`: names of most objects. */
export function isDns1123Subdomain(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123SubdomainMax)
  if (patterns.subdomain.test(value)) return errors
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  return [...errors, regexError(rule, subdomain, 'example.com')]
}

export function isDns1123SubdomainWithUnderscore(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123SubdomainMax)
  if (patterns.underscoreSubdomain.test(value)) return errors
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character"
  return [...errors, regexError(rule, underscoreSubdomain, 'example.com')]
}

/** `*.example.com`: hosts of an Ingress. */
export function isWildcardDns1123Subdomain(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123SubdomainMax)
  if (patterns.wildcardSubdomain.test(value)) return errors
  const rule =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
  return [...errors, regexError(rule, wildcardSubdomain, '*.example.com')]
}

/** `abc-123`: a label that starts with a letter. */
export function isDns1035Label(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123LabelMax)
  if (patterns.label1035.test(value)) return errors
  const rule =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  return [...errors, regexError(rule, label1035, 'my-name', 'abc-123')]
}

const labelKeyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** `app`, `example.com/app`: keys of labels and annotations, finalizers, extended resources. */
export function isQualifiedName(value: string): string[] {
  const parts = value.split('/')
  const rule = (): string => regexError(labelKeyRule, labelKey, 'MyName', 'my.name', '123-abc')
  if (parts.length > 2) {
    return [`a valid label key ${rule()} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const errors: string[] = []
  const [first = '', second] = parts
  const name = second ?? first
  if (second !== undefined) {
    if (first === '') errors.push(`prefix part ${emptyError}`)
    else errors.push(...isDns1123Subdomain(first).map(message => `prefix part ${message}`))
  }
  if (name === '') errors.push(`name part ${emptyError}`)
  else if (byteLength(name) > 63) errors.push(`name part ${maxBytesError(63)}`)
  if (!patterns.labelKey.test(name)) errors.push(`name part ${rule()}`)
  return errors
}

/** The value of a label. */
export function isLabelValue(value: string): string[] {
  const errors = byteLength(value) > labelValueMax ? [maxBytesError(labelValueMax)] : []
  if (patterns.labelValue.test(value)) return errors
  const rule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`
  return [...errors, regexError(rule, labelValue, 'MyValue', 'my_value', '12345')]
}

export function isCIdentifier(value: string): string[] {
  if (patterns.cIdentifier.test(value)) return []
  const rule =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'"
  return [regexError(rule, cIdentifier, 'my_name', 'MY_NAME', 'MyName')]
}

export function isPortNumber(port: number): string[] {
  return isInRange(port, 1, 65535)
}

export function isInRange(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [inclusiveRangeError(low, high)]
}

/** User and group ids. */
export function isUserId(id: number): string[] {
  return isInRange(id, 0, 2 ** 31 - 1)
}

/** The name of a container's port (RFC 6335). */
export function isPortName(port: string): string[] {
  const errors = tooManyCharacters(port, 15)
  if (!/^[-a-z0-9]+$/.test(port)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(port)) errors.push('must contain at least one letter (a-z)')
  if (port.includes('--')) errors.push('must not contain consecutive hyphens')
  if (port.startsWith('-') || port.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

export function isPercent(value: string): string[] {
  if (patterns.percent.test(value)) return []
  const rule = "a valid percent string must be a numeric string followed by an ending '%'"
  return [regexError(rule, percent, '1%', '93%')]
}

export function isHttpHeaderName(value: string): string[] {
  if (patterns.headerName.test(value)) return []
  return [regexError("a valid HTTP header must consist of alphanumeric characters or '-'", headerName, 'X-Header-Name')]
}

/** The strict rule for names of environment variables, which envFrom still follows in its warnings. */
export function isEnvVarName(value: string): string[] {
  const errors: string[] = []
  if (!patterns.envName.test(value)) {
    const rule =
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"
    errors.push(regexError(rule, envName, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'))
  }
  return [...errors, ...changesDirectory(value)]
}

/** The rule in force since RelaxedEnvironmentVariableValidation. */
export function isRelaxedEnvVarName(value: string): string[] {
  if (value === '') return [`environment variable name ${emptyError}`]
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** Keys of ConfigMaps and Secrets. */
export function isConfigMapKey(value: string): string[] {
  const errors = tooManyCharacters(value, dns1123SubdomainMax)
  if (!patterns.configKey.test(value)) {
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    errors.push(regexError(rule, configKey, 'key.name', 'KEY_NAME', 'key-name'))
  }
  return [...errors, ...changesDirectory(value)]
}

/** Names that become part of a URL and may otherwise be anything (RBAC objects). */
export function isPathSegmentName(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter(illegal => name.includes(illegal)).map(illegal => `may not contain '${illegal}'`)
}

/** `acme.io/foo`: returns the offending part with each message, as upstream names it in the error. */
export function isDomainPrefixedPath(value: string): { bad: string; message: string }[] {
  const slash = value.indexOf('/')
  const host = value.slice(0, Math.max(slash, 0))
  const path = value.slice(slash + 1)
  if (slash < 0 || host === '' || path === '') {
    return [{ bad: value, message: 'must be a domain-prefixed path (such as "acme.io/foo")' }]
  }
  const errors = isDns1123Subdomain(host).map(message => ({ bad: host, message }))
  if (!patterns.httpPath.test(path)) errors.push({ bad: path, message: regexError('Invalid path', httpPath) })
  return errors
}

/** For a generateName: what is appended may follow a dash. Upstream's slip (it drops two characters) is kept. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}

export function maxLengthError(length: number): string {
  return `must be no more than ${length} characters`
}

/** Labels count bytes where names count characters (api/validate/content). */
function maxBytesError(length: number): string {
  return `must be no more than ${length} bytes`
}

export function inclusiveRangeError(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`
}

export function regexError(rule: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map(example => `'${example}', `).join(' or ')
  return examples.length === 0
    ? `${rule} (regex used for validation is '${pattern}')`
    : `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`
}

export const emptyError = 'must be non-empty'
export const negativeError = 'must be greater than or equal to 0'
export const immutableError = 'field is immutable'

function tooManyCharacters(value: string, max: number): string[] {
  return byteLength(value) > max ? [maxLengthError(max)] : []
}

function changesDirectory(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}
