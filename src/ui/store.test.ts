import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Frame } from '../protocol/messages.ts'
import { onMotions, receiveDelta, receiveFrame, receiveFrames, useClock, useScene, virtualNow } from './store.ts'
import { delta, item, pod, relate, worker } from './testing/items.ts'

const frame: Frame = {
  now: 1_000,
  start: 0,
  end: 5_000,
  playing: true,
  speed: 1,
  reachedSpeed: 1,
  scene: delta({}),
  terminals: [],
  booted: true,
}

describe('the store', () => {
  beforeEach(() => {
    receiveDelta(delta({ reset: true, items: [worker('w1'), pod('a', 'w1'), pod('b', 'w1')] }))
  })

  it('[J1] tells only those who look at an item that it changed', () => {
    const before = useScene.getState().items.get('pod/a')
    receiveDelta(
      delta({
        items: [pod('b', 'w1', { status: 'Error', order: useScene.getState().items.get('pod/b')?.order ?? 0 })],
      }),
    )
    expect(useScene.getState().items.get('pod/a')).toBe(before)
    expect(useScene.getState().items.get('pod/b')?.status).toBe('Error')
  })

  it('[J1] asks for a new layout when things come, go or move, and not when a status changes', () => {
    const { structure } = useScene.getState()
    const known = useScene.getState().items.get('pod/a') ?? pod('a', 'w1')
    receiveDelta(delta({ items: [{ ...known, status: 'Error' }] }))
    expect(useScene.getState().structure).toBe(structure)
    receiveDelta(delta({ items: [{ ...known, parent: 'machine/w2' }] }))
    expect(useScene.getState().structure).toBe(structure + 1)
    receiveDelta(delta({ removedItems: ['pod/a'] }))
    expect(useScene.getState().structure).toBe(structure + 2)
  })

  it('[J6] renders nobody for a frame in which nothing happened', () => {
    const listener = vi.fn()
    const stop = useScene.subscribe(listener)
    receiveFrame(frame)
    stop()
    expect(listener).not.toHaveBeenCalled()
    expect(useClock.getState().now).toBe(1_000)
  })

  it('[J6] tells of frames that came together once, with all that was in them', () => {
    const listener = vi.fn()
    const stop = useScene.subscribe(listener)
    receiveFrames([
      { ...frame, scene: delta({ items: [pod('c', 'w1')] }) },
      { ...frame, now: 2_000, scene: delta({ removedItems: ['pod/c', 'pod/a'] }) },
    ])
    stop()
    expect(listener).toHaveBeenCalledTimes(1)
    expect([...useScene.getState().items.keys()]).toEqual(['machine/w1', 'pod/b'])
    expect(useClock.getState().now).toBe(2_000)
  })

  it('[J6] replaces everything at a reset, and forgets relations', () => {
    receiveDelta(delta({ relations: [relate('owns', 'x', 'y')] }))
    receiveDelta(delta({ reset: true, items: [item('outside', 'outside')] }))
    expect([...useScene.getState().items.keys()]).toEqual(['outside/outside'])
    expect(useScene.getState().relations.size).toBe(0)
  })

  it('[J6] keeps the marks of a time that can be gone to again, each once, and drops those of one that cannot', () => {
    const mark = (at: number) => ({ at, type: 'input', label: `apply ${at}` }) as const
    receiveFrame({ ...frame, scene: delta({ marks: [mark(1_000), mark(3_000)] }) })
    receiveFrame({ ...frame, now: 500, scene: delta({ reset: true }) })
    expect(useScene.getState().marks).toHaveLength(2)
    receiveFrame({ ...frame, scene: delta({ marks: [mark(1_000)] }) })
    expect(useScene.getState().marks).toHaveLength(2)
    receiveFrame({ ...frame, now: 2_000, end: 2_000 })
    expect(useScene.getState().marks.map(({ at }) => at)).toEqual([1_000])
  })

  it('[J6] hands motions on without rendering anybody', () => {
    const motions = vi.fn()
    const stop = onMotions(motions)
    const motion = {
      id: '1',
      flow: 'watch',
      from: 'a',
      to: 'b',
      startAt: 0,
      endAt: 1,
      label: '',
      tone: 'good',
      trace: 0,
    } as const
    receiveDelta(delta({ motions: [motion] }))
    stop()
    expect(motions).toHaveBeenCalledWith([motion], false)
  })

  it('[J6] carries time on between frames, and stops it when the frames stop', () => {
    receiveFrame({ ...frame, now: 10_000, reachedSpeed: 2 })
    const { arrivedAt } = useClock.getState()
    expect(virtualNow(arrivedAt + 100)).toBe(10_200)
    expect(virtualNow(arrivedAt + 60_000)).toBe(10_500)
    receiveFrame({ ...frame, now: 10_000, playing: false })
    expect(virtualNow(useClock.getState().arrivedAt + 100)).toBe(10_000)
  })
})
