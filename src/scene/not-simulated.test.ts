import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kinds } from '../api/index.ts'
import { gapOf, gaps, gapsIn } from './not-simulated.ts'

describe('what is stored and does nothing yet', () => {
  it('[J2] names kinds that the API has, each once', () => {
    const served = new Set(kinds.map(kind => kind.kind))
    const named = gaps.flatMap(gap => gap.kinds)
    for (const kind of named) expect(served.has(kind), kind).toBe(true)
    expect(new Set(named).size).toBe(named.length)
  })

  it('[J2] stands in the README, word for word and nothing else', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, list = ''] = /<!-- src\/scene\/not-simulated.ts -->\n([^]*?)<!-- end -->/.exec(readme) ?? []
    expect(list.trim().split('\n')).toEqual(gaps.map(gap => `* ${gap.en}`))
  })

  it('[J2] is found in what kubectl prints', () => {
    expect(gapsIn(['networkpolicy.networking.k8s.io/a created', 'networkpolicy.networking.k8s.io/b created'])).toEqual([
      gapOf('NetworkPolicy'),
    ])
    expect(gapsIn(['deployment.apps/web created', 'service/web unchanged'])).toEqual([])
  })
})
