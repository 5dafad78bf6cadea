import type { Page } from '@playwright/test'
import { writeLink } from '../../src/protocol/link.ts'
import { recordFormat } from '../../src/protocol/messages.ts'
import { startOfTime } from '../../src/session/session.ts'
import { buildIfStale } from '../lib/build.mjs'
import { withServedPage } from '../lib/served-page.mjs'
import { atLeast, atMost, median, type Row } from './row.ts'

export const name = 'page'

type Served = Parameters<Parameters<typeof withServedPage>[0]>[0]

/** From the navigation to four Ready machines on the graph, and the frames while a large cluster is dragged about. */
export async function run(): Promise<Row[]> {
  if ((await buildIfStale()) !== 0) throw new Error('the page does not build')
  const loads: Load[] = []
  for (let index = 0; index < 5; index++) loads.push(await withServedPage(load))
  const frameMs = await withServedPage(panningFrameMs)
  return [
    atMost('time to first graph: four machines drawn', median(loads.map(({ drawnMs }) => drawnMs)), 'ms', 1_500),
    atMost('time to a booted cluster: four nodes Ready', median(loads.map(({ readyMs }) => readyMs)), 'ms', 3_000),
    atLeast('panning 100 nodes, 1,000 Pods', 1_000 / frameMs, 'fps', 59),
  ]
}

interface Load {
  readonly drawnMs: number
  readonly readyMs: number
}

const machine = '[data-item^="machine/"]'
const ready = `${machine}[aria-label*="Ready"]:not([aria-label*="NotReady"])`

/** Opens the page with an empty cache, as somebody does who has just started it. */
async function load({ context, url }: Served): Promise<Load> {
  const page = await context.newPage()
  const drawn = page.goto(url, { waitUntil: 'commit' }).then(() => whenThere(page, machine, 4))
  const [drawnMs, readyMs] = [await drawn, await whenThere(page, ready, 4)]
  return { drawnMs, readyMs }
}

/** Waits for so many elements and returns when they were there, in ms since the navigation. */
async function whenThere(page: Page, selector: string, count: number): Promise<number> {
  const at = await page.waitForFunction(
    ([css, least]) => (document.querySelectorAll(css).length >= least ? performance.now() : false),
    [selector, count] as const,
    { timeout: 120_000 },
  )
  return Number(await at.jsonValue())
}

/** The median time between frames while the graph is dragged in a circle. */
async function panningFrameMs({ context, url }: Served): Promise<number> {
  const page = await context.newPage()
  // The transpiler names functions with a helper of its own, which the page does not have.
  await page.addInitScript({ content: 'globalThis.__name = named => named' })
  await page.goto(`${url}#s=${writeLink(largeCluster())}`)
  await page.getByText('1000/1000').first().waitFor({ timeout: 180_000 })
  const box = await page.locator('.react-flow').boundingBox()
  if (!box) throw new Error('there is no graph')
  const [x, y] = [box.x + 20, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  const frames = page.evaluate(
    () =>
      new Promise<number[]>(resolve => {
        const gaps: number[] = []
        let last = performance.now()
        const onFrame = (now: number) => {
          gaps.push(now - last)
          last = now
          if (gaps.length < 180) requestAnimationFrame(onFrame)
          else resolve(gaps.slice(10))
        }
        requestAnimationFrame(onFrame)
      }),
  )
  for (let step = 0; step < 120; step++) {
    await page.mouse.move(x + 150 * Math.sin(step / 12), y + 100 * Math.cos(step / 12))
  }
  const gaps = await frames
  await page.mouse.up()
  return median(gaps)
}

/** A record that has the Deployment in its log, two minutes after its start. */
function largeCluster() {
  const began = startOfTime
  const yaml = [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: {name: large}',
    'spec:',
    '  replicas: 1000',
    '  selector: {matchLabels: {app: large}}',
    '  template:',
    '    metadata: {labels: {app: large}}',
    '    spec: {containers: [{name: nginx, image: nginx}]}',
  ].join('\n')
  return {
    format: recordFormat,
    engine: '',
    seed: 1,
    at: began + 240_000,
    topology: { preset: 'm-k8s', masters: 1, workers: 100, workerCpu: 8, workerMemoryMiB: 16_384 },
    inputs: [{ at: began + 120_000, input: { type: 'apply' as const, yaml } }],
  }
}
