/** A time span as Go prints it: `405ms`, `1.234s`, `1m45.457s`, `2m40s`, `1h0m0s`. Whole milliseconds only. */
export function goDuration(ms: number): string {
  const whole = Math.floor(ms)
  if (whole < 1_000) return whole === 0 ? '0s' : `${whole}ms`
  const hours = Math.floor(whole / 3_600_000)
  const minutes = Math.floor(whole / 60_000) % 60
  const seconds = Math.floor(whole / 1_000) % 60
  const rest = whole % 1_000
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`
  const clock = `${seconds}${fraction}s`
  if (hours > 0) return `${hours}h${minutes}m${clock}`
  return minutes > 0 ? `${minutes}m${clock}` : clock
}
