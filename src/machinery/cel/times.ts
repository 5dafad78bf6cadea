import { define, fail, type FunctionDeclaration, member } from './functions.ts'
import { type Civil, civilOf } from './go-duration.ts'
import { durationType, intType, stringType, timestampType } from './cel-type.ts'
import type { Duration, Result, Timestamp } from './values.ts'

function field(name: string, read: (civil: Civil) => number, ofDuration?: bigint): FunctionDeclaration {
  const overloads = [
    member([timestampType], intType, ({ ns }: Timestamp) => BigInt(read(civilOf(ns)))),
    member([timestampType, stringType], intType, ({ ns }: Timestamp, zone: string): Result => {
      const minutes = zoneMinutes(zone)
      return minutes === undefined ? fail(`unknown time zone ${zone}`) : BigInt(read(civilOf(ns, minutes)))
    }),
  ]
  if (ofDuration !== undefined) {
    const isMs = name === 'getMilliseconds'
    const count = ({ ns }: Duration): bigint => (isMs ? (ns / ofDuration) % 1_000n : ns / ofDuration)
    overloads.push(member([durationType], intType, count))
  }
  return define(name, ...overloads)
}

/** `-02:00`, `UTC`. Names of places need a data base that we do not carry. */
function zoneMinutes(zone: string): number | undefined {
  if (zone === '' || zone === 'UTC') return 0
  const match = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone)
  if (!match) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/** cel-go/common/stdlib/standard.go: parts of times and durations. */
export const times: readonly FunctionDeclaration[] = [
  field('getFullYear', ({ year }) => year),
  field('getMonth', ({ month }) => month - 1),
  field('getDayOfYear', ({ yearDay }) => yearDay),
  field('getDayOfMonth', ({ day }) => day - 1),
  field('getDate', ({ day }) => day),
  field('getDayOfWeek', ({ weekday }) => weekday),
  field('getHours', ({ hours }) => hours, 3_600_000_000_000n),
  field('getMinutes', ({ minutes }) => minutes, 60_000_000_000n),
  field('getSeconds', ({ seconds }) => seconds, 1_000_000_000n),
  field('getMilliseconds', ({ milliseconds }) => milliseconds, 1_000_000n),
]
