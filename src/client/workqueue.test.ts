import { describe, expect, it } from 'vitest'
import { expectationsMet, expectCreation, expectDeletion, sawCreation, sawDeletion } from './expectations.ts'
import { newLimiter, takeTokens } from './limiter.ts'
import { addKey, backOffMs, doneWithKey, forgetFailures, newWorkQueue, takeKey } from './workqueue.ts'

describe('[A15] work queue', () => {
  it('holds a key once however often it is added, in the order in which keys came', () => {
    const queue = newWorkQueue()
    for (const key of ['a', 'b', 'a', 'c', 'b']) addKey(queue, key)
    expect([takeKey(queue), takeKey(queue), takeKey(queue), takeKey(queue)]).toEqual(['a', 'b', 'c', undefined])
  })

  it('brings a key back that was added while it was worked on, and only after it is done', () => {
    const queue = newWorkQueue()
    addKey(queue, 'a')
    expect(takeKey(queue)).toBe('a')
    addKey(queue, 'a')
    expect(takeKey(queue)).toBeUndefined()
    doneWithKey(queue, 'a')
    expect(takeKey(queue)).toBe('a')
    doneWithKey(queue, 'a')
    expect(takeKey(queue)).toBeUndefined()
  })

  it('doubles the wait at every failure up to a thousand seconds, and forgets after a success', () => {
    const queue = newWorkQueue()
    const waits = Array.from({ length: 20 }, () => backOffMs(queue, 'a'))
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40])
    expect(waits.at(-1)).toBe(1_000_000)
    forgetFailures(queue, 'a')
    expect(backOffMs(queue, 'a')).toBe(5)
  })
})

describe('[A15] expectations', () => {
  it('are met when everything created and deleted has been seen', () => {
    const state = new Map()
    expect(expectationsMet(state, 'rs', 0)).toBe(true)
    expectCreation(state, 'rs', 0)
    expectCreation(state, 'rs', 0)
    expectDeletion(state, 'rs', 'uid-1', 0)
    sawCreation(state, 'rs')
    expect(expectationsMet(state, 'rs', 1)).toBe(false)
    sawCreation(state, 'rs')
    expect(expectationsMet(state, 'rs', 1)).toBe(false)
    sawDeletion(state, 'rs', 'uid-2')
    expect(expectationsMet(state, 'rs', 1)).toBe(false)
    sawDeletion(state, 'rs', 'uid-1')
    expect(expectationsMet(state, 'rs', 1)).toBe(true)
  })

  it('are given up after five minutes', () => {
    const state = new Map()
    expectCreation(state, 'rs', 1000)
    expect(expectationsMet(state, 'rs', 301_000)).toBe(false)
    expect(expectationsMet(state, 'rs', 301_001)).toBe(true)
  })
})

describe('[A15] rate limiter', () => {
  it('lets a burst through at once and then so many a second', () => {
    const limiter = newLimiter(20, 30, 0)
    expect(takeTokens(limiter, 30, 0)).toBe(0)
    expect(takeTokens(limiter, 1, 0)).toBe(50)
    expect(takeTokens(limiter, 1, 0)).toBe(100)
    expect(takeTokens(limiter, 1, 10_000)).toBe(0)
    expect(takeTokens(limiter, 500, 10_000)).toBe((471 * 1000) / 20)
  })
})
