/** Seconds that were written. A memo and no state: most of what happens in a second is written with its time. */
const written = new Map<number, string>()
const writtenMax = 256

/** RFC 3339 with seconds, the form of metav1.Time: 2026-01-15T09:00:00Z. */
export function timestamp(ms: number): string {
  const second = Math.floor(ms / 1000)
  const known = written.get(second)
  if (known !== undefined) return known
  const text = `${new Date(ms).toISOString().slice(0, 19)}Z`
  if (written.size >= writtenMax) written.clear()
  // Before 1970 milliseconds count down within a second.
  if (second >= 0) written.set(second, text)
  return text
}

/** RFC 3339 with microseconds, the form of metav1.MicroTime (Leases, new Events). */
export function microTimestamp(ms: number): string {
  const whole = Math.floor(ms)
  const second = timestamp(whole).slice(0, 19)
  return `${second}.${threeDigits(whole - Math.floor(whole / 1000) * 1000)}${threeDigits(Math.floor((ms - whole) * 1000))}Z`
}

function threeDigits(count: number): string {
  return count < 10 ? `00${count}` : count < 100 ? `0${count}` : `${count}`
}

/** Milliseconds since 1970 of an RFC 3339 time, or NaN. */
export function parseTime(text: string): number {
  return Date.parse(text)
}

/** A time as headers of HTTP have it: `Thu, 15 Jan 2026 09:00:00 GMT`. */
export function httpTime(ms: number): string {
  return new Date(ms).toUTCString()
}
