// Measures what a visitor downloads before the page runs, and holds it to the bar.
import './lib/require-node.mjs'
import { barKB, firstLoad } from './lib/first-load.mjs'

const { scripts, workers, kB } = firstLoad()
for (const { path, kB } of scripts) console.log(`${kB.toFixed(1).padStart(8)} kB gzip  ${path}`)
for (const { path, kB } of workers)
  console.log(`${kB.toFixed(1).padStart(8)} kB gzip  ${path} (a worker: beside the page, not counted)`)
console.log(`first load: ${kB.toFixed(1)} kB of JavaScript in gzip, at most ${barKB}`)

const heavy = scripts.filter(({ lazy }) => lazy)
for (const { path, lazy } of heavy) console.log(`${path} has ${lazy} in it, which must be loaded lazily`)
process.exit(kB <= barKB && heavy.length === 0 ? 0 : 1)
