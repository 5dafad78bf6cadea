import type { ApiObject } from '../../machinery/object.ts'
import { parseTime } from '../../machinery/time.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** A duration as kubectl writes ages: `12m`, `3h20m`, `5d4h`. Models apimachinery/pkg/util/duration, HumanDuration. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * minute) return `${seconds}s`
  const minutes = Math.trunc(seconds / minute)
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(seconds / hour)
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(seconds / day)
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.trunc(days / 365)
  return years < 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`
}

/** How long ago an RFC 3339 time was; `<unknown>` if there is none. */
export function since(time: string | undefined, now: number): string {
  return time ? humanDuration(now - parseTime(time)) : '<unknown>'
}

/** The cell of the Age column. */
export function age(object: ApiObject, now: number): string {
  return since(object.metadata.creationTimestamp, now)
}
