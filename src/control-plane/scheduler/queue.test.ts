import { describe, expect, it } from 'vitest'
import { podObject } from '../../testing/scheduler-table.ts'
import {
  dequeue,
  enqueue,
  flushBackOff,
  flushUnschedulable,
  hasNext,
  newQueue,
  putFailed,
  putUnschedulable,
  type QueueState,
  retry,
  takeNext,
} from './queue.ts'

function add(queue: QueueState, name: string, now = 0, priority = 0): void {
  enqueue(queue, podObject({ name, spec: { priority } }), now, false)
}

/** Takes the next Pod and puts it back as one that no node can take. */
function fail(queue: QueueState, now: number): string | undefined {
  const queued = takeNext(queue)
  if (queued) putUnschedulable(queue, queued, ['NodeResourcesFit'], now)
  return queued?.pod.metadata.name
}

function take(queue: QueueState): string | undefined {
  return takeNext(queue)?.pod.metadata.name
}

describe('[B1] scheduling queue', () => {
  it('gives the most important Pod first, and of equal ones the one that has waited longest', () => {
    const queue = newQueue()
    add(queue, 'late', 2)
    add(queue, 'early', 1)
    add(queue, 'urgent', 3, 1000)
    add(queue, 'same-time', 1)
    expect([take(queue), take(queue), take(queue), take(queue), take(queue)]).toEqual([
      'urgent',
      'early',
      'same-time',
      'late',
      undefined,
    ])
  })

  it('forgets a Pod that was deleted while it waited', () => {
    const queue = newQueue()
    add(queue, 'a')
    add(queue, 'b')
    dequeue(queue, 'a')
    expect(take(queue)).toBe('b')
    expect(hasNext(queue)).toBe(false)
  })

  it('keeps a Pod that nothing can take until something happens', () => {
    const queue = newQueue()
    add(queue, 'big')
    expect(fail(queue, 0)).toBe('big')
    flushBackOff(queue, 60_000)
    expect(hasNext(queue)).toBe(false)
  })

  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 10_000],
    [9, 10_000],
  ])('lets a Pod back off after its failure number %i for %i ms', (failures, ms) => {
    const queue = newQueue()
    add(queue, 'big')
    let now = 0
    for (let i = 1; i <= failures; i++) {
      now += 20_000
      expect(fail(queue, now)).toBe('big')
      const queued = queue.pods.get('big')
      if (queued) retry(queue, queued, now)
    }
    // Another Pod that is due goes first, so that taking early does not blur the picture.
    flushBackOff(queue, now + ms - 1)
    add(queue, 'other', now + 60_000)
    expect(take(queue)).toBe('other')
    flushBackOff(queue, now + ms)
    expect(queue.pods.get('big')?.where).toBe('active')
  })

  it('takes a Pod early when nobody else is due, but not one whose scheduling failed', () => {
    const queue = newQueue()
    add(queue, 'refused')
    fail(queue, 500)
    const refused = queue.pods.get('refused')
    if (refused) retry(queue, refused, 600)
    expect(refused?.where).toBe('backoff')
    add(queue, 'failed')
    const failed = takeNext(queue)
    if (failed) putFailed(queue, failed, 600)
    expect(take(queue)).toBe('refused')
    expect(take(queue)).toBeUndefined()
    flushBackOff(queue, 2_000)
    expect(take(queue)).toBe('failed')
  })

  it('tries a Pod again after five minutes, whatever happened', () => {
    const queue = newQueue()
    add(queue, 'big')
    fail(queue, 0)
    flushUnschedulable(queue, 300_000)
    expect(hasNext(queue)).toBe(false)
    flushUnschedulable(queue, 300_001)
    expect(take(queue)).toBe('big')
  })
})
