import { describe, expect, it } from 'vitest'
import { cycles, deadFiles, type ImportRow, importTable, unresolved } from './imports.ts'
import type { Problem, Source } from './source.ts'

const rows: ImportRow[] = [
  { folder: 'machinery', mayImport: [] },
  { folder: 'api', mayImport: ['machinery'] },
  { folder: 'control-plane/etcd', mayImport: ['machinery'] },
  { folder: 'control-plane/scheduler', mayImport: ['api'] },
  { folder: 'images', mayImport: ['control-plane'] },
  { folder: 'ui', mayImport: ['api'] },
  { folder: 'worker', mayImport: ['api'] },
  { folder: 'testing', mayImport: ['machinery', 'api'] },
]
const tests = { mayImport: ['testing', 'control-plane'] }

describe('repository: import table', () => {
  it.each([
    ['an import', 'src/machinery/a.ts', "import { b } from '../api/b.ts'"],
    ['an import of a type', 'src/machinery/a.ts', "import type { b } from '../api/b.ts'"],
    ['an import for its effect', 'src/machinery/a.ts', "import '../api/b.ts'"],
    ['a re-export', 'src/machinery/a.ts', "export { b } from '../api/b.ts'"],
    ['a dynamic import', 'src/machinery/a.ts', "const b = () => import('../api/b.ts')"],
    ['an import in a type', 'src/machinery/a.ts', "type B = import('../api/b.ts').B"],
    ['one part of the control plane in another', 'src/control-plane/scheduler/a.ts', "import '../etcd/b.ts'"],
    ['testing in code that is no test', 'src/api/a.ts', "import '../testing/b.ts'"],
    ['the page in a test of something else', 'src/api/a.test.ts', "import '../ui/b.ts'"],
    ['a folder whose name begins alike', 'src/ui/a.ts', "import '../api-extras/b.ts'"],
  ])('refuses %s', (_, path, text) => {
    expect(rulesOf(importTable([{ path, text }], rows, tests))).toEqual([`${path}:1 import table`])
  })

  it.each([
    ['its own folder', 'src/control-plane/etcd/a.ts', "import './b.ts'"],
    ['a folder of its row', 'src/api/core/a.ts', "import '../../machinery/b.ts'"],
    ['everything below a folder of its row', 'src/images/a.ts', "import '../control-plane/scheduler/plugins/b.ts'"],
    ['a package', 'src/machinery/a.ts', "import { parse } from 'yaml'"],
    [
      'testing and the control plane in a test',
      'src/api/a.test.ts',
      "import '../testing/b.ts'\nimport '../control-plane/etcd/c.ts'",
    ],
    [
      'the address of a worker',
      'src/ui/a.ts',
      "new Worker(new URL('../worker/w.ts', import.meta.url))\nimport W from '../worker/w.ts?worker'",
    ],
    [
      'an import that is only written about',
      'src/machinery/a.ts',
      "// import '../api/b.ts'\nconst s = `import '../api/b.ts'`",
    ],
  ])('allows %s', (_, path, text) => {
    expect(importTable([{ path, text }], rows, tests)).toEqual([])
  })

  it('refuses a folder without a row, and says the line of an import', () => {
    expect(rulesOf(importTable([{ path: 'src/extras/a.ts', text: '' }], rows, tests))).toEqual([
      'src/extras/a.ts:1 import table',
    ])
    const [problem] = importTable([{ path: 'src/machinery/a.ts', text: "\n\nimport '../api/b.ts'" }], rows, tests)
    expect(problem).toMatchObject({ line: 3, message: 'machinery may not import src/api/b.ts' })
  })
})

describe('repository: files', () => {
  const three: Source[] = [
    { path: 'src/api/a.ts', text: "import './b.ts'" },
    { path: 'src/api/b.ts', text: "import type { C } from './c.ts'" },
    { path: 'src/api/c.ts', text: '' },
  ]

  it('may import in a chain and in a diamond, but not in a circle', () => {
    expect(cycles([...three, { path: 'src/api/d.ts', text: "import './a.ts'\nimport './c.ts'" }])).toEqual([])
    const circle = cycles([...three.slice(0, 2), { path: 'src/api/c.ts', text: "import './a.ts'" }])
    expect(circle.map(({ message }) => message)).toEqual(['src/api/a.ts → src/api/b.ts → src/api/c.ts → src/api/a.ts'])
  })

  it('are dead when nothing names them', () => {
    const isEntry = (path: string): boolean => path === 'src/api/a.ts'
    expect(deadFiles(three, isEntry)).toEqual([])
    const idle = { path: 'src/api/idle.ts', text: '' }
    expect(rulesOf(deadFiles([...three, idle, { path: 'src/api/x.test.ts', text: '' }], isEntry))).toEqual([
      'src/api/idle.ts:1 dead file',
    ])
  })

  it('must exist when an import names them', () => {
    const isElsewhere = (path: string): boolean => path === 'src/api/data.json'
    const text = "import './c.ts'\nimport './gone.ts'\nimport './c'\nimport d from './data.json'"
    expect(rulesOf(unresolved([{ path: 'src/api/e.ts', text }, ...three], isElsewhere))).toEqual([
      'src/api/e.ts:2 unresolved import',
      'src/api/e.ts:3 unresolved import',
    ])
  })
})

function rulesOf(problems: Problem[]): string[] {
  return problems.map(({ path, line, rule }) => `${path}:${line} ${rule}`)
}
