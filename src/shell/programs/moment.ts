import { timestamp } from '../../machinery/time.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const longMonths = 'January February March April May June July August September October November December'.split(' ')
// 1 January 1970 was a Thursday.
const days = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday']

/** `Jan 15 09:00`, as ls -l writes it. */
export function monthDay(ms: number): string {
  return formatTime(ms, '%b %e %H:%M')
}

/** A moment in strftime's notation, in UTC. */
export function formatTime(ms: number, format: string): string {
  const text = timestamp(ms)
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)]
  const clock = text.slice(11, 19)
  const weekday = days[((Math.floor(ms / 86_400_000) % 7) + 7) % 7] ?? ''
  const hour = Number(clock.slice(0, 2))
  const values: Readonly<Record<string, string>> = {
    ...{ Y: year, m: month, d: day, e: String(Number(day)).padStart(2), y: year.slice(2), C: year.slice(0, 2) },
    ...{ H: clock.slice(0, 2), M: clock.slice(3, 5), S: clock.slice(6, 8), T: clock, R: clock.slice(0, 5) },
    ...{ I: String(((hour + 11) % 12) + 1).padStart(2, '0'), p: hour < 12 ? 'AM' : 'PM' },
    ...{
      F: text.slice(0, 10),
      D: `${month}/${day}/${year.slice(2)}`,
      Z: 'UTC',
      z: '+0000',
      n: '\n',
      t: '\t',
      '%': '%',
    },
    ...{
      a: weekday.slice(0, 3),
      A: weekday,
      b: months[Number(month) - 1] ?? '',
      B: longMonths[Number(month) - 1] ?? '',
    },
    ...{ s: String(Math.floor(ms / 1000)), N: String(Math.floor((ms % 1000) * 1e6)).padStart(9, '0') },
    u: String(((Math.floor(ms / 86_400_000) + 3) % 7) + 1),
  }
  return format.replace(/%-?([A-Za-z%])/g, (whole, letter: string) => {
    const value = values[letter] ?? whole
    return whole.startsWith('%-') ? value.replace(/^[0 ]+(?=\d)/, '') : value
  })
}
