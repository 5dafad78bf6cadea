import { buildIfStale } from '../lib/build.mjs'
import { withServedPage } from '../lib/served-page.mjs'
import { median, type Row } from './row.ts'

export const name = 'first content'

/** From the request of the page to the first thing drawn, with an empty cache each time. */
export async function run(): Promise<Row[]> {
  if ((await buildIfStale()) !== 0) throw new Error('the page does not build')
  const times: number[] = []
  for (let i = 0; i < 5; i++) times.push(await withServedPage(firstContentMs))
  return [{ name: 'first contentful paint', value: median(times), unit: 'ms' }]
}

type Served = Parameters<Parameters<typeof withServedPage>[0]>[0]

async function firstContentMs({ context, url }: Served): Promise<number> {
  const page = await context.newPage()
  await page.goto(url)
  const entry = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)
  return Number(await entry.jsonValue())
}
