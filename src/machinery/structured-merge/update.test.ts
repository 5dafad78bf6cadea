import { describe, expect, it } from 'vitest'
import { encodeFields } from './fields-v1.ts'
import { pathText } from './path-element.ts'
import { atomOfSchema } from './structural-atoms.ts'
import { applyConfig, isConflicts, type Managers, type MergeContext, type Typed, updateManagers } from './update.ts'

const text = { type: 'string' }
const atom = atomOfSchema(
  {
    type: 'object',
    properties: {
      a: text,
      b: text,
      status: { type: 'object', properties: { phase: text } },
      list: {
        type: 'array',
        items: { type: 'object', properties: { name: text, value: text } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
    },
  },
  false,
)
const typed = (value: unknown, apiVersion = 'v1'): Typed => ({ apiVersion, atom, value })
const context: MergeContext = {
  filter: ({ 'f:status': _, ...rest }) => rest,
  convert: (object, apiVersion) => (apiVersion === 'gone' ? undefined : { ...object, apiVersion }),
}

/** Objects, and who owns what, through a series of requests. */
class World {
  value: unknown = {}
  managers: Managers = new Map()

  update(manager: string, value: object): this {
    this.managers = updateManagers(context, typed(this.value), typed(value), this.managers, manager)
    this.value = value
    return this
  }

  apply(manager: string, config: object, force = false): string {
    const result = applyConfig(context, typed(this.value), typed(config), this.managers, manager, force)
    if (isConflicts(result)) return result.map(({ manager, path }) => `${manager} ${pathText(path)}`).join(', ')
    this.managers = result.managers
    if (result.value === undefined) return 'as before'
    this.value = result.value
    return 'applied'
  }

  owned(): object {
    return Object.fromEntries([...this.managers].map(([manager, { fields }]) => [manager, encodeFields(fields)]))
  }
}

describe('[B13] owners of fields', () => {
  it('take what they change from others without being asked, when they update', () => {
    const world = new World().update('one', { a: '1', b: '1' }).update('two', { a: '2', b: '1' })
    expect(world.owned()).toEqual({ one: { 'f:b': {} }, two: { 'f:a': {} } })
    expect(world.update('two', { b: '1' }).owned()).toEqual({ one: { 'f:b': {} } })
  })

  it('have no say in what the strategy resets', () => {
    expect(new World().update('one', { a: '1', status: { phase: 'x' } }).owned()).toEqual({ one: { 'f:a': {} } })
  })

  it('are in the way of others who apply, unless they agree or are forced', () => {
    const world = new World()
    expect(world.apply('one', { a: '1', b: '1' })).toBe('applied')
    expect(world.apply('one', { a: '1', b: '1' })).toBe('as before')
    expect(world.apply('two', { a: '2', b: '2' })).toBe('one .a, one .b')
    expect(world.apply('two', { a: '1' })).toBe('as before')
    expect(world.owned()).toEqual({ one: { 'f:a': {}, 'f:b': {} }, two: { 'f:a': {} } })
    expect(world.apply('two', { a: '2' }, true)).toBe('applied')
    expect(world.owned()).toEqual({ one: { 'f:b': {} }, two: { 'f:a': {} } })
  })

  it('remove what they do not apply any more, but not what somebody else has', () => {
    const world = new World()
    world.apply('one', { a: '1', b: '1', list: [{ name: 'x', value: '1' }, { name: 'y' }] })
    world.apply('two', { b: '1', list: [{ name: 'x' }] })
    expect(world.apply('one', { a: '1' })).toBe('applied')
    expect(world.value).toEqual({ a: '1', b: '1', list: [{ name: 'x' }] })
    expect(world.apply('two', {})).toBe('applied')
    expect(world.value).toEqual({ a: '1' })
    expect(world.owned()).toEqual({ one: { 'f:a': {} } })
  })

  it('leave what others have put beside it', () => {
    const world = new World()
    world.apply('one', { a: '1', list: [{ name: 'x' }] })
    world.update('two', { a: '1', b: '2', list: [{ name: 'x' }, { name: 'y', value: '2' }] })
    world.apply('one', { a: '1' })
    expect(world.value).toEqual({ a: '1', b: '2', list: [{ name: 'y', value: '2' }] })
  })

  it('are forgotten with the version that they spoke of', () => {
    const world = new World().update('one', { a: '1' })
    world.managers = new Map([['old', { fields: { 'f:a': {} }, apiVersion: 'gone', isApplied: true }]])
    expect(world.update('two', { a: '2' }).owned()).toEqual({ two: { 'f:a': {} } })
  })
})
