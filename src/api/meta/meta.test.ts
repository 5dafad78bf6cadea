import { describe, expect, it } from 'vitest'
import type { FieldError } from '../../machinery/fieldpath.ts'
import { errorText } from '../../machinery/fieldpath.ts'
import { humanDuration, since } from './age.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { someOf } from './columns.ts'
import { type AnyCondition, findCondition, isConditionTrue, removeCondition, setCondition } from './conditions.ts'
import { contains, isCidr, isIp, isNonSpecialIp, parseCidr, parseIp } from './ip.ts'
import { checkLabelSelector } from './labelselector.ts'

const now = Date.parse('2026-01-15T09:00:00Z')
const before = '2026-01-15T08:00:00Z'

describe('[A3] ages', () => {
  it.each([
    [-5_000, '<invalid>'],
    [-500, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [125_000, '2m5s'],
    [600_000, '10m'],
    [10_800_000, '3h'],
    [12_000_000, '3h20m'],
    [172_800_000, '2d'],
    [446_400_000, '5d4h'],
    [63_072_000_000, '2y'],
  ])('%i ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text)
  })

  it('are unknown where there is no time', () => {
    expect(since(undefined, now)).toBe('<unknown>')
    expect(since(before, now)).toBe('60m')
  })
})

describe('[B1] conditions', () => {
  const ready: AnyCondition = { type: 'Ready', status: 'True', reason: 'Ok', lastTransitionTime: before }

  it('keep the time of the last transition while the status stays', () => {
    const next = setCondition([ready], { type: 'Ready', status: 'True', reason: 'Better' }, now)
    expect(next).toEqual([{ ...ready, reason: 'Better' }])
  })

  it('take a new time when the status changes', () => {
    const next = setCondition([ready], { type: 'Ready', status: 'False' }, now)
    expect(next).toEqual([{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-15T09:00:00Z' }])
  })

  it('are the same list if nothing changed, so that nobody needs to write', () => {
    const list = [ready]
    expect(setCondition(list, { type: 'Ready', status: 'True', reason: 'Ok' }, now)).toBe(list)
    expect(removeCondition(list, 'Other')).toBe(list)
  })

  it('are found by type', () => {
    expect(findCondition([ready], 'Ready')).toBe(ready)
    expect(isConditionTrue([ready], 'Ready')).toBe(true)
    expect(isConditionTrue(undefined, 'Ready')).toBe(false)
  })
})

describe('[D1] addresses', () => {
  it.each(['10.9.8.7', '0.0.0.0', '::1', '2001:db8::ffff', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'])('%s is one', text => {
    expect(isIp(text)).toEqual([])
  })

  it.each(['', '10.9.8', '10.9.8.256', '1:2:3', '1::2::3', ':::', '1:2:3:4:5:6:7:8:9', 'localhost'])(
    '%j is none',
    text => {
      expect(isIp(text)).toEqual(['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'])
    },
  )

  it('lie in ranges of their own family', () => {
    const range = parseCidr('10.96.0.0/12')
    const inside = (text: string): boolean | undefined => {
      const ip = parseIp(text)
      return ip && range && contains(range, ip)
    }
    expect(inside('10.96.0.1')).toBe(true)
    expect(inside('10.111.255.255')).toBe(true)
    expect(inside('10.112.0.0')).toBe(false)
    expect(inside('::10.96.0.1')).toBe(false)
  })

  it('may not be special where others must reach them', () => {
    expect(isNonSpecialIp('10.0.0.1')).toEqual([])
    expect(isNonSpecialIp('127.0.0.1')).toEqual(['may not be in the loopback range (127.0.0.0/8, ::1/128)'])
    expect(isNonSpecialIp('169.254.1.1')).toHaveLength(1)
  })

  it.each(['10.0.0.0/33', '10.0.0.0', '10.0.0.0/', 'a/8', '::/129'])('%s is no range', text => {
    expect(isCidr(text)).toHaveLength(1)
  })
})

describe('[E2] byte fields', () => {
  it.each([
    ['', ''],
    ['a', 'YQ=='],
    ['ab', 'YWI='],
    ['abc', 'YWJj'],
    ['한글 é 🎈', '7ZWc6riAIMOpIPCfjog='],
  ])('%j is written %s', (text, base64) => {
    expect(encodeBase64(text)).toBe(base64)
    expect(decodeBase64(base64)).toBe(text)
  })

  it('show bytes that are no text as replacement characters', () => {
    expect(decodeBase64('/w==')).toBe('\ufffd')
  })
})

describe('[A3] label selectors', () => {
  it('name every mistake', () => {
    const errors: FieldError[] = []
    checkLabelSelector(errors, 'spec.selector', {
      matchExpressions: [
        { key: 'app', operator: 'In' },
        { key: 'app', operator: 'Exists', values: ['x'] },
        { key: 'app', operator: 'Like', values: ['x'] },
      ],
    })
    const at = 'spec.selector.matchExpressions'
    expect(errors.map(errorText)).toEqual([
      `${at}[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      `${at}[1].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
      `${at}[2].operator: Invalid value: "Like": not a valid selector operator`,
    ])
  })
})

describe('[A3] lists in cells', () => {
  it('say how many more there are', () => {
    expect(someOf(['a', 'b', 'c'])).toBe('a,b,c')
    expect(someOf(['a', 'b', 'c', 'd', 'e'])).toBe('a,b,c + 2 more...')
  })
})
