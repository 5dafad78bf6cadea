import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './run.mjs'

/** The bar of the first load, without Monaco, xterm and the simulation's worker (kB of 1000 bytes). */
export const barKB = 250

/**
 * The JavaScript that the built page loads before it runs: what index.html names, and everything those files import
 * statically. A dynamic `import()` is lazy and not counted; workers are listed on their own.
 */
export function firstLoad(dist = join(root, 'dist')) {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('dist/index.html is missing: run npm run build')
  const found = new Set()
  const queue = entries(readFileSync(join(dist, 'index.html'), 'utf8'))
  for (const path of queue) {
    if (found.has(path)) continue
    found.add(path)
    const imports = staticImports(readFileSync(join(dist, path), 'utf8'))
    queue.push(...imports.map(target => normalize(join(dirname(path), target))))
  }
  const scripts = [...found].map(path => measure(dist, path))
  const workers = readdirSync(join(dist, 'assets'))
    .filter(name => /worker-[\w-]+\.js$/i.test(name))
    .map(name => measure(dist, `assets/${name}`))
  return { scripts, workers, kB: scripts.reduce((total, { kB }) => total + kB, 0) }
}

function entries(html) {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? []
  return tags
    .filter(tag => tag.startsWith('<script') || tag.includes('modulepreload'))
    .flatMap(tag => tag.match(/(?:src|href)="([^"]+\.js)"/)?.[1] ?? [])
    .map(path => normalize(path))
}

/** `import{a as b}from"./x.js"`, `import"./x.js"` and `export{a}from"./x.js"` of a minified chunk. */
export function staticImports(code) {
  return [...code.matchAll(/\b(?:import|export)\s*(?:[\w$*{},\s]*?\bfrom\s*)?["'](\.{1,2}\/[^"']+\.js)["']/g)].map(
    match => match[1],
  )
}

/** Words that minified code keeps, of libraries that must not be in the first load. */
const mustBeLazy = { Monaco: 'monaco-mouse-cursor-text', xterm: 'xterm-helper-textarea' }

function measure(dist, path) {
  const code = readFileSync(join(dist, path))
  const lazy = Object.keys(mustBeLazy).find(library => code.includes(mustBeLazy[library]))
  return { path, lazy, kB: gzipSync(code, { level: 9 }).length / 1000 }
}
