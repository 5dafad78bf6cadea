import { duplicate, type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { own } from '../../machinery/json-value.ts'
import { defineKind } from '../../machinery/kind.ts'
import { asQuantity, compareQuantities } from '../../machinery/quantity.ts'
import type { LimitRange as Model, LimitRangeItem } from '../generated/core.v1.ts'
import { roundAmounts } from './podspec/defaults.ts'
import { checkResourceName } from './podspec/resources.ts'

export type { LimitRangeItem }
export type LimitRange = Model

type Amounts = Record<string, string>

/** Strategy: pkg/registry/core/limitrange/strategy.go. */
export const LimitRange = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  countsGenerations: false,

  defaults({ spec }) {
    for (const item of spec.limits ?? []) {
      for (const amounts of [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio]) {
        roundAmounts(amounts)
      }
      if (item.type === 'Container') defaultContainerItem(item)
    }
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    const types = new Set<string>()
    spec.limits?.forEach((item, i) => {
      const path = `spec.limits[${i}]`
      if (types.has(item.type)) errors.push(duplicate(`${path}.type`, item.type))
      types.add(item.type)
      checkItem(errors, path, item)
    })
    return errors
  },
})

/** The highest limit is the default one, and what is limited is requested, unless the range says otherwise. */
function defaultContainerItem(item: LimitRangeItem): void {
  const limits: Amounts = { ...item.max, ...item.default }
  const requests: Amounts = { ...item.min, ...limits, ...item.defaultRequest }
  if (Object.keys(limits).length > 0) item.default = limits
  if (Object.keys(requests).length > 0) item.defaultRequest = requests
}

/** The smaller of two must not be larger: each pair and its words in upstream's order. */
const orders: readonly (readonly [
  'min' | 'defaultRequest' | 'default',
  'max' | 'defaultRequest' | 'default',
  string,
])[] = [
  ['min', 'max', 'min value %s is greater than max value %s'],
  ['min', 'defaultRequest', 'min value %s is greater than default request value %s'],
  ['min', 'default', 'min value %s is greater than default value %s'],
  ['defaultRequest', 'max', 'default request value %s is greater than max value %s'],
  ['defaultRequest', 'default', 'default request value %s is greater than default limit value %s'],
  ['default', 'max', 'default value %s is greater than max value %s'],
]

function checkItem(errors: FieldError[], path: string, item: LimitRangeItem): void {
  const names = new Set(
    [item.max, item.min, item.default, item.defaultRequest].flatMap(list => Object.keys(list ?? {})),
  )
  for (const name of [...names].sort()) {
    checkResourceName(errors, `${path}.${name}`, name)
    for (const [low, high, words] of orders) {
      const small = own(item[low], name)
      const large = own(item[high], name)
      if (small === undefined || large === undefined || compareQuantities(small, large) <= 0) continue
      const shown = asQuantity(small).text
      const detail = words.replace('%s', shown).replace('%s', asQuantity(large).text)
      errors.push(invalid(`${path}.${low}[${name}]`, shown, detail))
    }
  }
}
