import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  compareQuantities,
  formatQuantity,
  milliValue,
  multiply,
  parseQuantity,
  quantityError,
  quantityOf,
  roundUp,
  subtract,
  value,
} from './quantity.ts'

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

describe('[B11] quantities', () => {
  it.each([
    ['1000m', '1', 'thousandths that make a whole'],
    ['0.5', '500m', 'a fraction becomes thousandths'],
    ['0.1', '100m', 'a tenth'],
    ['0.0015', '1500u', 'a finer fraction becomes millionths'],
    ['1024Mi', '1Gi', 'a binary amount takes the largest suffix'],
    ['1.5Gi', '1536Mi', 'a binary fraction that is a whole number of Mi'],
    ['0.1Gi', '107374182400m', 'a binary fraction that is not whole bytes'],
    ['0.5Ki', '512', 'less than 1024 is written without a binary suffix'],
    ['128974848', '128974848', 'plain bytes'],
    ['129e6', '129e6', 'an exponent stays one'],
    ['1000e3', '1e6', 'an exponent is normalised'],
    ['1e3', '1e3', 'the exponent of thousands'],
    ['12e5', '1200e3', 'exponents are multiples of three'],
    ['1e-1', '100e-3', 'a negative exponent'],
    ['1E', '1E', 'E alone means exa'],
    ['+1', '+1', 'a spelling that upstream keeps'],
    ['1.500', '1.500', 'another one'],
    ['1.5', '1500m', 'but not this'],
    ['-1', '-1', 'below zero'],
    ['-1.5Gi', '-1536Mi', 'below zero, binary'],
    ['0.0000000001', '1n', 'less than a nano unit is rounded up'],
    ['9223372036854775808Ki', '9223372036854775807', 'binary amounts are capped at 2^63-1'],
    ['8Ei', '9223372036854775807', '2^63 is one too many'],
    ['123456789012345678901', '123456789012345678901', 'more digits than a number holds'],
    ['0Mi', '0', 'zero has no suffix'],
    ['-0', '0', 'nor a sign'],
    ['+', '0', 'a sign alone passes for zero'],
    ['.5', '500m', 'a leading point'],
    ['5.', '5.', 'a trailing point'],
    ['00012', '00012', 'leading zeros are kept where the number is canonical'],
    [' 5 ', '5', 'space around it'],
  ])('writes %s as %s: %s', (text, canonical) => {
    expect(quantityError(text)).toBeUndefined()
    expect(formatQuantity(text)).toBe(canonical)
  })

  it.each([
    ['', malformed],
    ['lots', malformed],
    ['1GiB', malformed],
    ['128MB', malformed],
    ['1,5Gi', malformed],
    ['1 Gi', malformed],
    ['1.2.3', malformed],
    ['1mm', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
    ['1m3', "unable to parse quantity's suffix"],
    ['1-3', "unable to parse quantity's suffix"],
    ['e-10', 'unable to parse numeric part of quantity'],
  ])('refuses %j: %s', (text, message) => {
    expect(quantityError(text)).toBe(message)
  })

  it('rounds values up, away from zero', () => {
    expect([value('1500m'), value('0.1'), value('-1500m'), value('1Gi')]).toEqual([2, 1, -2, 1073741824])
    expect([milliValue('1'), milliValue('0.0001'), milliValue('250m'), milliValue(2)]).toEqual([1000, 1, 250, 2000])
    expect(value('1e300')).toBe(0)
  })

  it('adds and subtracts in the format of the first amount that is not zero', () => {
    expect(add('1Gi', '512Mi').text).toBe('1536Mi')
    expect(add('1Gi', '1G').text).toBe('2073741824')
    expect(add('0', '1Gi').text).toBe('1Gi')
    expect(add('100m', '1').text).toBe('1100m')
    expect(subtract('1', '100m').text).toBe('900m')
    expect(subtract('0', '1Ki').text).toBe('-1Ki')
    expect(add('+1', '0').text).toBe('1')
    expect(multiply('1500m', 3).text).toBe('4500m')
    expect(add('9007199254740991', '9007199254740991').text).toBe('18014398509481982')
  })

  it('compares amounts, not spellings, and is not held up by absurd exponents', () => {
    expect(compareQuantities('1', '1000m')).toBe(0)
    expect(compareQuantities('1Gi', '1G')).toBe(1)
    expect(compareQuantities('-1', '100m')).toBe(-1)
    expect(compareQuantities('1e999999999', '1Ei')).toBe(1)
    expect(add('1e999999999', '1').digits).toBeTypeOf('bigint')
  })

  it('reads back what it writes, as the same amount', () => {
    const scale = fc.integer({ min: -9, max: 0 })
    const format = fc.constantFrom('DecimalSI' as const, 'BinarySI' as const, 'DecimalExponent' as const)
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 53n), 2n ** 53n), scale, format, (digits, exponent, written) => {
        const quantity = quantityOf(digits, written, exponent)
        return compareQuantities(quantity, parseQuantity(quantity.text)) === 0
      }),
    )
  })

  it('takes away what was added', () => {
    const amount = fc.tuple(fc.integer(), fc.constantFrom('', 'm', 'k', 'Mi', 'Gi', 'n')).map(pair => pair.join(''))
    fc.assert(fc.property(amount, amount, (a, b) => compareQuantities(subtract(add(a, b), b), a) === 0))
  })

  it('writes back what the recorded server wrote back, rounded up to thousandths', () => {
    const path = new URL('../testing/golden/api/create/pod-quantities.json', import.meta.url)
    const golden = JSON.parse(readFileSync(path, 'utf8'))
    const [{ request, response }] = golden.steps[0].http
    const pairs: [string, string][] = []
    request.body.spec.containers.forEach((container: Resources, i: number) => {
      const answered: Resources = response.body.spec.containers[i]
      for (const part of ['requests', 'limits'] as const) {
        for (const [name, given] of Object.entries(container.resources[part] ?? {})) {
          pairs.push([roundUp(given, -3).text, answered.resources[part]?.[name] ?? ''])
        }
      }
    })
    expect(pairs).toHaveLength(22)
    expect(pairs.map(([ours]) => ours)).toEqual(pairs.map(([, theirs]) => theirs))
  })
})

interface Resources {
  resources: { requests?: Record<string, string>; limits?: Record<string, string> }
}
