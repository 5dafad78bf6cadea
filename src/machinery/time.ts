/** RFC 3339 with seconds, the form of metav1.Time: 2026-01-15T09:00:00Z. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** RFC 3339 with microseconds, the form of metav1.MicroTime (Leases, new Events). */
export function microTimestamp(ms: number): string {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000)
  return `${new Date(Math.floor(ms)).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`
}

/** Milliseconds since 1970 of an RFC 3339 time, or NaN. */
export function parseTime(text: string): number {
  return Date.parse(text)
}
