import { describe, expect, it } from 'vitest'
import { parseCron } from './cronschedule.ts'
import { nextCronTime } from './crontime.ts'
import { isTimeZone, zoneOffset } from './timezone.ts'

const at = (text: string): number => Date.parse(text)
const next = (schedule: string, after: string, zone?: string): string | undefined => {
  const parsed = parseCron(schedule)
  if (parsed.error !== undefined) return parsed.error
  const time = nextCronTime(parsed.schedule, at(after), zone)
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16)
}

describe('[B6] cron schedules', () => {
  it.each([
    ['*/5 * * * *', '2026-01-15T09:02:30Z', '2026-01-15T09:05'],
    ['*/5 * * * *', '2026-01-15T09:05:00Z', '2026-01-15T09:10'],
    ['0 3 * * *', '2026-01-15T09:00:00Z', '2026-01-16T03:00'],
    ['@hourly', '2026-12-31T23:30:00Z', '2027-01-01T00:00'],
    ['*/15 9-17 * * MON-FRI', '2026-01-16T17:45:00Z', '2026-01-19T09:00'],
    ['0 0 29 2 *', '2026-01-15T09:00:00Z', '2028-02-29T00:00'],
    ['0 0 13 * 5', '2026-01-15T09:00:00Z', '2026-01-16T00:00'],
    ['0 0 31 2 *', '2026-01-15T09:00:00Z', undefined],
    ['@every 90s', '2026-01-15T09:00:00Z', '2026-01-15T09:01'],
  ])('%s after %s is due at %s', (schedule, after, due) => {
    expect(next(schedule, after)).toBe(due)
  })

  it('takes days of the month or of the week when both are restricted', () => {
    expect(next('0 0 1 * 1', '2026-01-26T12:00:00Z')).toBe('2026-02-01T00:00')
    expect(next('0 0 1 * 1', '2026-02-01T12:00:00Z')).toBe('2026-02-02T00:00')
  })

  it.each([
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['@often', 'unrecognized descriptor: @often'],
  ])('%s is refused: %s', (schedule, error) => {
    expect(parseCron(schedule)).toEqual({ error })
  })
})

describe('[B6] time zones of schedules', () => {
  it('follow the wall clock of the zone', () => {
    expect(next('30 9 * * 1-5', '2026-01-15T09:00:00Z', 'Asia/Seoul')).toBe('2026-01-16T00:30')
    expect(next('0 12 * * *', '2026-07-01T00:00:00Z', 'America/New_York')).toBe('2026-07-01T16:00')
    expect(next('0 12 * * *', '2026-12-01T00:00:00Z', 'America/New_York')).toBe('2026-12-01T17:00')
  })

  it('skip a time that the clock skips', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30')
  })

  // The machine's own tables are the judge; ours hold the rules of 2026. Morocco is known to differ around Ramadan.
  it('agree with the tables of the machine on every day of 2026', () => {
    const wrong = Intl.supportedValuesOf('timeZone').filter(zone => {
      if (!isTimeZone(zone)) return true
      if (zone === 'Africa/Casablanca' || zone === 'Africa/El_Aaiun') return false
      const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
      for (let ms = at('2026-01-01T12:00:00Z'); ms < at('2027-01-01T00:00:00Z'); ms += 86_400_000) {
        const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
        const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? []
        const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000)
        if (offset !== zoneOffset(zone, ms)) return true
      }
      return false
    })
    expect(wrong).toEqual([])
  })

  it('are unknown by names that nobody gave', () => {
    expect(isTimeZone('Asia/Soul')).toBe(false)
    expect(isTimeZone('US/Pacific')).toBe(true)
  })
})
