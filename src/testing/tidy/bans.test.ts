import { describe, expect, it } from 'vitest'
import { impureCode } from './bans.ts'

const mayFormatTime = (path: string): boolean => path === 'src/machinery/time.ts'

describe('repository: pure code', () => {
  it.each([
    'const now = Date.now()',
    'const now = new Date()',
    'const now = new Date',
    'const now = Date()',
    'const text = new Date(0).toISOString()',
    'const ms = Date.parse(text)',
    'const chance = Math.random()',
    'const f = async () => 1',
    'async function f() {}',
    'class A { async f() {} }',
    'const x = await f()',
    'for await (const x of xs) {}',
    'let p: Promise<void>',
    'const p = Promise.resolve()',
    'setTimeout(f, 0)',
    'setInterval(f, 0)',
    'queueMicrotask(f)',
    'const t = performance.now()',
    'const e = process.env',
    'const all = { process }',
    "fetch('/')",
    'document.title = name',
    'const w = window',
    'globalThis.x = 1',
    'crypto.randomUUID()',
    "import { readFileSync } from 'node:fs'",
    'names.sort((a, b) => a.localeCompare(b))',
    'const text = (1e6).toLocaleString()',
  ])('refuses %s', text => {
    const problems = impureCode([{ path: 'src/sim/a.ts', text: `\n${text}` }], mayFormatTime)
    expect(problems.map(({ line, rule }) => ({ line, rule }))).toEqual([{ line: 2, rule: 'pure code' }])
  })

  it.each([
    'const x = container.process.pid',
    'const x = { process: 1, window: 2, fetch() {} }',
    'interface Image { process: string; document(): void }',
    'function start(process: Container) { return process.pid }',
    "import { process } from '../runtime/process.ts'\nprocess()",
    'const { window } = frame\nconst size = window + 1',
    '// setTimeout and Date.now() are banned',
    "const text = 'await Promise fetch'",
    'const x = Math.floor(random())',
    'const names: Record<string, number> = { toString: 1 }',
  ])('allows %s', text => {
    expect(impureCode([{ path: 'src/sim/a.ts', text }], mayFormatTime)).toEqual([])
  })

  it('lets one file make a Date of a number, and not even that one read the clock', () => {
    const path = 'src/machinery/time.ts'
    expect(impureCode([{ path, text: 'new Date(ms).toISOString(); Date.UTC(2026, 0)' }], mayFormatTime)).toEqual([])
    expect(impureCode([{ path, text: 'new Date(); Date.now()' }], mayFormatTime)).toHaveLength(2)
  })
})
