import { buildIfStale } from '../lib/build.mjs'
import { barKB, firstLoad } from '../lib/first-load.mjs'
import { atMost, type Row } from './row.ts'

export const name = 'first load'

/** JavaScript a visitor downloads before the page runs, and the workers that start beside it. */
export async function run(): Promise<Row[]> {
  if ((await buildIfStale()) !== 0) throw new Error('the page does not build')
  const { kB, workers } = firstLoad()
  return [
    atMost('initial JS', kB, 'kB gzip', barKB),
    ...workers.map(worker => ({ name: nameOf(worker.path), value: worker.kB, unit: 'kB gzip' })),
  ]
}

/** `assets/session.worker-DA-Gmr7e.js` → `session.worker`: a figure keeps its name when the file's digest changes. */
function nameOf(path: string): string {
  return path.replace(/^assets\//, '').replace(/-[\w-]{8}\.js$/, '')
}
