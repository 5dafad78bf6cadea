import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstLoad, staticImports } from './first-load.mjs'
import { whyInstall } from './install.mjs'
import { isOlder } from './require-node.mjs'
import { digest } from './stamp.mjs'

let base
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'podscape-'))
})
afterEach(() => rmSync(base, { recursive: true }))

function write(path, text) {
  mkdirSync(join(base, path, '..'), { recursive: true })
  writeFileSync(join(base, path), text)
}

describe('repository: npm start on a fresh clone', () => {
  it.each([
    ['18.20.0', '20.19', true],
    ['20.9.1', '20.19', true],
    ['20.19.0', '20.19', false],
    ['22.0.0', '20.19', false],
  ])('asks whether Node %s is older than %s: %s', (version, wanted, older) => {
    expect(isOlder(version, wanted)).toBe(older)
  })

  it('installs when node_modules is missing or differs from the lock file', () => {
    const lock = versions => ({ packages: Object.fromEntries(versions.map(([path, entry]) => [path, entry])) })
    const wanted = lock([
      ['', { version: '0.1.0' }],
      ['node_modules/a', { version: '1.0.0' }],
      ['node_modules/only-on-windows', { version: '1.0.0', optional: true }],
    ])
    expect(whyInstall(wanted, undefined)).toBe('node_modules is missing')
    expect(whyInstall(wanted, lock([]))).toBe('node_modules/a is missing, not 1.0.0')
    expect(whyInstall(wanted, lock([['node_modules/a', { version: '0.9.0' }]]))).toBe(
      'node_modules/a is 0.9.0, not 1.0.0',
    )
    expect(whyInstall(wanted, lock([['node_modules/a', { version: '1.0.0' }]]))).toBeUndefined()
  })

  it('builds again when a source changes, comes or goes, and not when only its time does', () => {
    write('src/a.ts', 'a')
    write('src/deep/b.ts', 'b')
    const now = () => digest(['src', 'public'], { base, skip: path => path.endsWith('.md') })
    const first = now()
    utimesSync(join(base, 'src/a.ts'), 0, 0)
    write('src/README.md', 'prose')
    expect(now()).toBe(first)

    write('src/deep/b.ts', 'c')
    expect(now()).not.toBe(first)
    write('src/deep/b.ts', 'b')
    expect(now()).toBe(first)
    write('public/c.svg', '')
    expect(now()).not.toBe(first)
  })
})

describe('repository: first load', () => {
  it('counts what index.html names and what that imports at once, and nothing lazy', () => {
    write(
      'dist/index.html',
      '<link rel="modulepreload" href="./assets/react-1.js"><link rel="prefetch" href="./assets/monaco-1.js"><script src="./assets/main-1.js"></script>',
    )
    write('dist/assets/main-1.js', 'import{a}from"./react-1.js";import"./b-1.js";const m=()=>import("./monaco-1.js")')
    write('dist/assets/react-1.js', 'export const a=1')
    write('dist/assets/b-1.js', 'export{c}from"./c-1.js"')
    write('dist/assets/c-1.js', 'export const c=1')
    write('dist/assets/monaco-1.js', 'export const m=1')
    write('dist/assets/session.worker-1.js', 'postMessage(1)')
    const { scripts, workers, kB } = firstLoad(join(base, 'dist'))
    expect(scripts.map(({ path }) => path).sort()).toEqual(
      ['main', 'react', 'b', 'c'].map(n => `assets/${n}-1.js`).sort(),
    )
    expect(workers.map(({ path }) => path)).toEqual(['assets/session.worker-1.js'])
    expect(scripts.filter(({ lazy }) => lazy)).toEqual([])
    expect(kB).toBeCloseTo(scripts.reduce((sum, script) => sum + script.kB, 0))
  })

  it('knows a library by the words in a chunk, whatever the chunk is called', () => {
    write('dist/index.html', '<script src="./assets/main-1.js"></script>')
    write('dist/assets/main-1.js', 'import"./react-1.js"')
    write('dist/assets/react-1.js', 'e.className="xterm-helper-textarea"')
    expect(firstLoad(join(base, 'dist')).scripts.map(({ lazy }) => lazy)).toEqual([undefined, 'xterm'])
  })

  it('reads static imports of minified code', () => {
    const code =
      'import a,{b as c}from"./x.js";import*as d from"../y.js";export{e}from"./z.js";import("./lazy.js");f("./w.js")'
    expect(staticImports(code)).toEqual(['./x.js', '../y.js', './z.js'])
  })
})
