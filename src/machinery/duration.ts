import { quote } from './go-text.ts'
import type { Parsed } from './parsed.ts'

/** Durations as Go writes and reads them: time.Duration's String and time.ParseDuration. Flags and event messages use them. */

const unitMs = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

const maxMs = (2 ** 63 - 1) / 1e6

/** `1h0m0s`, `1m30s`, `2.5s`, `300ms`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms === 0) return '0s'
  if (ms < 1e-3) return `${Math.round(ms * 1e6)}ns`
  if (ms < 1) return `${trimmed(ms * 1e3, 3)}µs`
  if (ms < 1000) return `${trimmed(ms, 6)}ms`
  const seconds = ms / 1000
  const minutes = Math.floor(seconds / 60)
  const rest = `${trimmed(seconds - minutes * 60, 9)}s`
  if (minutes === 0) return rest
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes}m${rest}` : `${hours}h${minutes % 60}m${rest}`
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

/** `1h30m`, `1.5h`, `-10s`, `0` → milliseconds, or the complaint of time.ParseDuration. */
export function parseDuration(text: string): Parsed<number> {
  const isNegative = text.startsWith('-')
  let rest = /^[-+]/.test(text) ? text.slice(1) : text
  if (rest === '0') return { value: 0 }
  if (rest === '') return { error: `time: invalid duration ${quote(text)}` }
  let ms = 0
  while (rest !== '') {
    const number = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)/.exec(rest)?.[0]
    if (number === undefined) return { error: `time: invalid duration ${quote(text)}` }
    rest = rest.slice(number.length)
    const unit = /^[^.0-9]*/.exec(rest)?.[0] ?? ''
    if (unit === '') return { error: `time: missing unit in duration ${quote(text)}` }
    const factor = unitMs.get(unit)
    if (factor === undefined) return { error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` }
    ms += Number(number) * factor
    rest = rest.slice(unit.length)
  }
  if (ms > maxMs) return { error: `time: invalid duration ${quote(text)}` }
  return { value: isNegative ? -ms : ms }
}

/** One unit only, rounded down: `5s`, `12m`, `3h`, `2d`, `1y`. Models duration.ShortHumanDuration. */
export function shortHumanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.trunc(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.trunc(minutes / 60)
  if (hours < 24) return `${hours}h`
  const days = Math.trunc(hours / 24)
  return days < 365 ? `${days}d` : `${Math.trunc(days / 365)}y`
}
