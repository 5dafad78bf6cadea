// Measures what a visitor downloads before the page runs, and holds it to the bar.
import './lib/require-node.mjs'
import { barKB, firstLoad } from './lib/first-load.mjs'

const { scripts, workers, kB } = firstLoad()
for (const { path, kB } of scripts) console.log(`${kB.toFixed(1).padStart(8)} kB gzip  ${path}`)
for (const { path, kB } of workers)
  console.log(`${kB.toFixed(1).padStart(8)} kB gzip  ${path} (a worker: beside the page, not counted)`)
console.log(`first load: ${kB.toFixed(1)} kB of JavaScript in gzip, at most ${barKB}`)

const lazy = scripts.filter(({ path }) => /monaco|xterm/.test(path))
for (const { path } of lazy) console.log(`${path} must be loaded lazily, and is imported at once`)
process.exit(kB <= barKB && lazy.length === 0 ? 0 : 1)
