import { describe, expect, it } from 'vitest'
import { scores } from '../../../testing/scheduler-table.ts'
import { imageLocality } from './imagelocality.ts'

function image(name: string, sizeBytes: number): { names: string[]; sizeBytes: number }[] {
  return [{ names: [name], sizeBytes }]
}

describe('[B1] ImageLocality', () => {
  it.each([
    ['an image that one node of two has, by half its size', 'registry.example/app:1', 1_000_000_000, 46],
    ['no image of less than 23 MB', 'registry.example/app:1', 40_000_000, 0],
    ['no other tag', 'registry.example/app:2', 1_000_000_000, 0],
  ])('counts %s', (_title, name, size, expected) => {
    const nodes = [{ name: 'has', images: image(name, size) }, { name: 'lacks' }]
    expect(scores(imageLocality, {}, { nodes })).toEqual({ has: expected, lacks: 0 })
  })

  it('takes an image without a tag for its latest', () => {
    const nodes = [{ name: 'n', images: image('nginx:latest', 2_000_000_000) }]
    const spec = { containers: [{ name: 'c', image: 'nginx' }] } as object
    expect(scores(imageLocality, { spec }, { nodes })).toEqual({ n: 100 })
  })
})
