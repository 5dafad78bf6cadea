import { describe, expect, it } from 'vitest'
import {
  isConfigMapKey,
  isCIdentifier,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isDomainPrefixedPath,
  isEnvVarName,
  isHttpHeaderName,
  isLabelValue,
  isPathSegmentName,
  isPercent,
  isPortName,
  isPortNumber,
  isQualifiedName,
  isRelaxedEnvVarName,
  isUserId,
  isWildcardDns1123Subdomain,
  maskTrailingDash,
} from './validation.ts'

describe('[A3] names and values', () => {
  it.each([
    [isDns1123Label, ['a', 'my-name', '123-abc', 'a'.repeat(63)]],
    [isDns1123Subdomain, ['a', 'example.com', '1.2.3', 'a'.repeat(253)]],
    [isWildcardDns1123Subdomain, ['*.example.com', '*.a']],
    [isDns1035Label, ['a', 'abc-123']],
    [
      isQualifiedName,
      ['simple', '1234', 'now.with.dots/simple', 'Uppercase_Is_OK_123', `${'a'.repeat(253)}/${'b'.repeat(63)}`],
    ],
    [isLabelValue, ['', 'simple', 'end-with-num-1', 'a'.repeat(63)]],
    [isCIdentifier, ['my_name', '_']],
    [isPortName, ['http', 'a-1', '8080-tcp']],
    [isPercent, ['25%']],
    [isHttpHeaderName, ['X-Custom']],
    [isEnvVarName, ['a.b', 'MY_ENV']],
    [isRelaxedEnvVarName, ['1 a!']],
    [isConfigMapKey, ['key.name', '..a'.slice(1), 'KEY_NAME']],
    [isPathSegmentName, ['system:admin', 'a..b']],
  ])('%o accepts what upstream accepts', (check, values) => {
    for (const value of values) expect(check(value)).toEqual([])
  })

  const subdomainRule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  const labelRule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  const keyRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

  it.each([
    [isDns1123Label, 'A', [labelRule]],
    [isDns1123Label, 'a.b', ['must not contain dots']],
    [isDns1123Label, 'é'.repeat(32), ['must be no more than 63 characters', labelRule]],
    [isDns1123Subdomain, 'Web_1', [subdomainRule]],
    [
      isQualifiedName,
      'a/b/c',
      [`a valid label key ${keyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`],
    ],
    [isQualifiedName, '/x', ['prefix part must be non-empty']],
    [isQualifiedName, 'A/', [`prefix part ${subdomainRule}`, 'name part must be non-empty', `name part ${keyRule}`]],
    [
      isPortName,
      '-THE-WEB--PORT-NAME',
      [
        'must be no more than 15 characters',
        'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'must contain at least one letter (a-z)',
        'must not contain consecutive hyphens',
        'must not begin or end with a hyphen',
      ],
    ],
    [isConfigMapKey, '..', ["must not be '..'"]],
    [isConfigMapKey, '..a', ["must not start with '..'"]],
    [
      isRelaxedEnvVarName,
      'a=b',
      ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
    ],
    [isRelaxedEnvVarName, '', ['environment variable name must be non-empty']],
    [isPathSegmentName, 'a/b%', ["may not contain '/'", "may not contain '%'"]],
    [isPathSegmentName, '..', ["may not be '..'"]],
  ])('%o refuses %j in upstream words', (check, value, messages) => {
    expect(check(value)).toEqual(messages)
  })

  it('bounds numbers', () => {
    expect(isPortNumber(65536)).toEqual(['must be between 1 and 65535, inclusive'])
    expect(isPortNumber(1)).toEqual([])
    expect(isUserId(-1)).toEqual(['must be between 0 and 2147483647, inclusive'])
  })

  it('names the part of a domain-prefixed path that is wrong', () => {
    expect(isDomainPrefixedPath('acme.io/foo')).toEqual([])
    expect(isDomainPrefixedPath('foo')).toEqual([
      { bad: 'foo', message: 'must be a domain-prefixed path (such as "acme.io/foo")' },
    ])
    expect(isDomainPrefixedPath('acme.io/ ')[0]?.bad).toBe(' ')
  })

  it('lets a generated name go on after a dash', () => {
    expect(maskTrailingDash('web-')).toBe('wea')
    expect(maskTrailingDash('-')).toBe('-')
  })
})
