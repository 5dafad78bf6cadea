import { describe, expect, it } from 'vitest'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { copyState } from '../../../sim/checkpoint.ts'
import { type ApiLab, apiLab } from '../../../testing/api-lab.ts'
import { digestOf } from '../../etcd/digest.ts'
import { get } from '../../etcd/store.ts'
import { fieldsOf, listOf, textOf } from '../record.ts'

/** `manager operation fields`, as somebody outside sees them. */
function ownersOf(lab: ApiLab): string[] {
  const { body } = lab.request('get', 'configmaps', { namespace: 'default', name: 'c', options: outside })
  const { managedFields } = fieldsOf(fieldsOf(body).metadata)
  return listOf(managedFields)
    .map(fieldsOf)
    .map(({ manager, operation, fieldsV1 }) => `${textOf(manager)} ${textOf(operation)} ${JSON.stringify(fieldsV1)}`)
}

/** What requests over HTTP say. */
const outside: RequestOptions = { managedFields: true, fieldValidation: 'Warn' }

function write(lab: ApiLab, userAgent: string, data: object, isNew = false, options: RequestOptions = {}): void {
  const metadata = { name: 'c', namespace: 'default' }
  const rest = { namespace: 'default', body: { metadata, data }, userAgent, options }
  if (isNew) lab.request('create', 'configmaps', rest)
  else lab.request('update', 'configmaps', { ...rest, name: 'c' })
}

describe('[B13] notes of what our own components write', () => {
  it('come to what the same writes over HTTP come to', () => {
    const notes = apiLab()
    const http = apiLab()
    const steps: readonly [string, Record<string, string>][] = [
      ['one', { a: '1', b: '1' }],
      ['two', { a: '2', b: '1', c: '1' }],
      ['one', { b: '1', c: '1' }],
      ['three', { b: '3', c: '1' }],
    ]
    for (const [index, [manager, data]] of steps.entries()) {
      write(notes, `${manager}/v1 (x)`, data, index === 0)
      write(http, `${manager}/v1 (x)`, data, index === 0, outside)
    }
    expect(ownersOf(notes)).toEqual(ownersOf(http))
    expect(ownersOf(notes)).toEqual([
      'one Update {"f:data":{}}',
      'three Update {"f:data":{"f:b":{}}}',
      'two Update {"f:data":{"f:c":{}}}',
    ])
  })

  it('are worked out when there are many, and come to the same', () => {
    const often = apiLab()
    write(often, 'one', { a: '0' }, true)
    for (let count = 1; count <= 30; count++) write(often, count % 2 === 0 ? 'one' : 'two', { a: String(count) })
    expect(get(often.etcd, '/registry/configmaps/default/c')?.ledger?.depth).toBeLessThanOrEqual(9)
    expect(ownersOf(often)).toEqual(['one Update {"f:data":{".":{},"f:a":{}}}'])
  })

  it('change neither the digest nor the store when somebody looks, and go through a checkpoint', () => {
    const seen = apiLab()
    const unseen = apiLab()
    for (const lab of [seen, unseen]) {
      write(lab, 'one', { a: '1' }, true)
      if (lab === seen) ownersOf(lab)
      write(lab, 'two', { a: '2' })
    }
    expect(digestOf(seen.etcd)).toBe(digestOf(unseen.etcd))
    const ledger = get(seen.etcd, '/registry/configmaps/default/c')?.ledger
    expect(get(copyState(seen.etcd), '/registry/configmaps/default/c')?.ledger).toBe(ledger)
    expect(JSON.parse(JSON.stringify(ledger))).toEqual(
      JSON.parse(JSON.stringify(get(unseen.etcd, '/registry/configmaps/default/c')?.ledger)),
    )
  })
})

describe('[B13] managers', () => {
  it('of updates are ten at most: the oldest become ancient-changes', () => {
    const lab = apiLab()
    const data: Record<string, string> = {}
    for (let count = 0; count < 13; count++) {
      data[`k${String(count)}`] = 'x'
      write(lab, `m${String(count).padStart(2, '0')}`, { ...data }, count === 0)
      lab.advance(1000)
    }
    const managers = ownersOf(lab).map(owner => owner.split(' ')[0])
    expect(managers).toHaveLength(10)
    expect(managers[0]).toBe('ancient-changes')
    expect(managers[9]).toBe('m12')
  })
})
