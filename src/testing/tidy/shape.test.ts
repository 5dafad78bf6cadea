import { describe, expect, it } from 'vitest'
import { barrels, leftovers, longFiles, machinePaths, missingReadmes, vagueNames } from './shape.ts'
import type { Source } from './source.ts'

const file = (text: string, path = 'src/sim/a.ts'): Source[] => [{ path, text }]

describe('repository: shape of files', () => {
  it('counts the lines of a file up to the fence', () => {
    expect(longFiles(file('\n'.repeat(400)), 400)).toEqual([])
    expect(longFiles(file('\n'.repeat(401)), 400)).toMatchObject([{ path: 'src/sim/a.ts', line: 401 }])
  })

  it.each(['src/sim/utils.ts', 'src/sim/helpers.test.ts', 'src/types/pod.ts', 'src/sim/manager.ts'])(
    'refuses the name %s',
    path => {
      expect(vagueNames(file('', path))).toHaveLength(1)
    },
  )

  it.each(['src/sim/volume-manager.ts', 'src/api/type-meta.ts', 'src/sim/README.md'])('allows the name %s', path => {
    expect(vagueNames(file('', path))).toEqual([])
  })

  it('wants a README.md beside code, and not beside folders of folders', () => {
    const sources = [...file('', 'src/api/core/pod.ts'), ...file('', 'src/sim/a.ts'), ...file('', 'src/sim/README.md')]
    expect(missingReadmes(sources).map(({ path }) => path)).toEqual(['src/api/core'])
  })

  it.each([
    "export * from './b.ts'",
    "export * as b from './b.ts'",
    "export * as b from './b.ts'\nexport const c = 1",
    "export { b } from './b.ts'",
    "import { b } from './b.ts'\nexport { b }",
  ])('refuses the barrel %s', text => {
    expect(barrels(file(text)).length).toBeGreaterThan(0)
  })

  it.each([
    "import { b } from './b.ts'\nexport const all = [b]",
    "export { b } from './b.ts'\nexport function c() {}",
    "import './b.ts'",
  ])('allows the registry %s', text => {
    expect(barrels(file(text))).toEqual([])
  })

  it.each([
    ['skipped test', 'it.s' + "kip('x', f)"],
    ['lonely test', 'describe.o' + "nly('x', f)"],
    ['table of skipped tests', 'test.s' + "kip.each([1])('x', f)"],
    ['silenced error', '// @ts-i' + 'gnore'],
    ['promise to come back', '// TO' + 'DO: later'],
  ])('refuses a %s', (_, text) => {
    expect(leftovers(file(`\n${text}`)).map(({ line }) => line)).toEqual([2])
  })

  it.each(["it('x', f)", 'list.skip(2)', 'const only = options.only', "const word = 'TO" + "DO'"])(
    'leaves alone %s',
    text => {
      expect(leftovers(file(text))).toEqual([])
    },
  )

  it.each([
    ['/wo', 'rk/main/src'],
    ['/ro', 'ot/.cache'],
    ['/ho', 'me/alice/src'],
    ['/Us', 'ers/alice/src'],
  ])('refuses the path %s%s', (a, b) => {
    expect(machinePaths(file(`see ${a}${b}`))).toHaveLength(1)
  })

  it.each(['/var/lib/kubelet/pods', '/apis/apps/v1/namespaces', '/network/', 'docs/root/x'])(
    'leaves alone the path %s',
    text => {
      expect(machinePaths(file(`see ${text}`))).toEqual([])
    },
  )
})
