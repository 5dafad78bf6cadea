import { timestamp } from '../machinery/time.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']

/** A moment as logs write it: `15/Jan/2026:09:00:00 +0000`, or nginx's own `2026/01/15 09:00:00`. */
export function logTime(ms: number, form: 'common' | 'nginx' = 'common'): string {
  const { year, month, day, clock } = parts(ms)
  if (form === 'nginx') return `${year}/${month}/${day} ${clock}`
  return `${day}/${months[Number(month) - 1]}/${year}:${clock} +0000`
}

/** The Date header: `Thu, 15 Jan 2026 09:00:00 GMT`. */
export function httpTime(ms: number): string {
  const { year, month, day, clock } = parts(ms)
  // 1 January 1970 was a Thursday.
  const weekday = days[Math.floor(ms / 86_400_000) % 7] ?? 'Thu'
  return `${weekday}, ${day} ${months[Number(month) - 1]} ${year} ${clock} GMT`
}

function parts(ms: number): { year: string; month: string; day: string; clock: string } {
  const text = timestamp(ms)
  return { year: text.slice(0, 4), month: text.slice(5, 7), day: text.slice(8, 10), clock: text.slice(11, 19) }
}
