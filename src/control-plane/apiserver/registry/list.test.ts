import { describe, expect, it } from 'vitest'
import type { ApiList } from '../../../machinery/object.ts'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { attempt } from '../../../machinery/status.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'

const at = { namespace: 'default' }

function isList(value: unknown): value is ApiList {
  return typeof value === 'object' && value !== null && 'items' in value
}

function page(lab: ApiLab, options: RequestOptions): ApiList {
  const { body } = lab.request('list', 'configmaps', { ...at, options })
  if (!isList(body)) throw new Error('a list was expected')
  return body
}

function fill(lab: ApiLab, count: number): void {
  for (let i = 0; i < count; i++) {
    const metadata = { name: `c${String(i).padStart(2, '0')}`, labels: { odd: String(i % 2) } }
    lab.request('create', 'configmaps', { ...at, body: { metadata } })
  }
}

/** All pages of a list, with something happening before each further one. */
function readThrough(lab: ApiLab, options: RequestOptions, meanwhile: () => void): ApiList[] {
  const pages = [page(lab, options)]
  for (;;) {
    const token = pages[pages.length - 1]?.metadata.continue
    if (token === undefined) return pages
    meanwhile()
    pages.push(page(lab, { ...options, continue: token }))
  }
}

const namesIn = (pages: readonly ApiList[]): string[] =>
  pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))

describe('[A3] lists in pages', () => {
  it('show the state at the first page, whatever changes in the meantime', () => {
    const lab = apiLab()
    fill(lab, 25)
    let changes = 0
    const pages = readThrough(lab, { limit: 10 }, () => {
      lab.request('delete', 'configmaps', { ...at, name: `c2${changes++}` })
      lab.request('create', 'configmaps', { ...at, body: { metadata: { name: `c1${changes}-new` } } })
    })
    expect(pages.map(({ items }) => items.length)).toEqual([10, 10, 5])
    expect(pages.map(({ metadata }) => metadata.remainingItemCount)).toEqual([15, 5, undefined])
    expect(namesIn(pages)).toEqual(Array.from({ length: 25 }, (_, i) => `c${String(i).padStart(2, '0')}`))
    expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1)
  })

  it('are filled with what the selectors choose, and do not tell how much remains', () => {
    const lab = apiLab()
    fill(lab, 25)
    const pages = readThrough(lab, { limit: 5, labelSelector: 'odd=1' }, () => undefined)
    expect(namesIn(pages)).toHaveLength(12)
    expect(pages.map(({ metadata }) => metadata.remainingItemCount)).toEqual([undefined, undefined, undefined])
  })

  it('cannot be continued after the history was compacted', () => {
    const lab = apiLab()
    fill(lab, 5)
    const { metadata } = page(lab, { limit: 2 })
    lab.request('delete', 'configmaps', { ...at, name: 'c04' })
    lab.advance(11 * 60_000)
    const refusal = attempt(() => void page(lab, { limit: 2, continue: metadata.continue ?? '' }))
    expect(refusal).toMatchObject({ reason: 'Expired', code: 410 })
    expect(refusal?.message).toMatch(/^The provided continue parameter is too old to display a consistent list result/)
  })

  it('of one name read one object', () => {
    const lab = apiLab()
    fill(lab, 5)
    expect(namesIn([page(lab, { fieldSelector: 'metadata.name=c03' })])).toEqual(['c03'])
    expect(namesIn([page(lab, { fieldSelector: 'metadata.name=c09' })])).toEqual([])
    expect(namesIn([page(lab, { fieldSelector: 'metadata.name!=c03' })])).toEqual(['c00', 'c01', 'c02', 'c04'])
  })
})
