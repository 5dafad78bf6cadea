import { describe, expect, it } from 'vitest'
import type { Motion } from '../../scene/model.ts'
import { leastMs, mostActors, MotionStage } from './motion-stage.ts'

function motion(startAt: number, endAt: number, more: Partial<Motion> = {}): Motion {
  return {
    id: `${startAt}`,
    flow: 'control',
    from: 'a',
    to: 'b',
    startAt,
    endAt,
    label: '',
    tone: 'good',
    trace: 1,
    ...more,
  }
}

describe('the stage of moving things', () => {
  it('[J6] draws a message where it is in virtual time when that is slow enough to see', () => {
    const stage = new MotionStage()
    stage.add([motion(1_000, 2_000)])
    expect(stage.advance(16, 1_500, 1)[0]?.progress).toBe(0.5)
    expect(stage.advance(5_000, 1_500, 1)[0]?.progress).toBe(0.5) // Time stands still, and so does the message.
    expect(stage.advance(16, 2_000, 1)).toEqual([])
  })

  it('[J6] draws a message that is gone within a frame for as long as it takes to see', () => {
    const stage = new MotionStage()
    stage.add([motion(1_000, 1_003)])
    const shown = Array.from({ length: 100 }, () => stage.advance(leastMs / 10, 1_500, 1).length)
    expect(shown.filter(count => count === 1)).toHaveLength(9)
    expect(stage.isEmpty).toBe(true)
  })

  it('[J6] shows nothing before it starts', () => {
    const stage = new MotionStage()
    stage.add([motion(2_000, 2_003)])
    expect(stage.advance(16, 1_999, 1)).toEqual([])
    expect(stage.advance(16, 2_000, 1)).toHaveLength(1)
  })

  it('[A14] lets messages wait on their way while time stands still, until a step brings others', () => {
    const stage = new MotionStage()
    const progress = (isStill: boolean) =>
      stage.advance(leastMs, 1_500, 1, isStill).map(({ motion: { to }, progress }) => [to, progress])
    stage.add([motion(1_000, 1_003)])
    stage.advance(leastMs * 0.7, 1_500, 1)
    expect(progress(true)).toEqual([['b', 0.7]])
    stage.add([motion(1_010, 1_013, { to: 'c' })], 1, true)
    expect(progress(true)).toEqual([['c', 0.5]])
    expect(progress(true)).toEqual([['c', 0.5]])
    expect(progress(false)).toEqual([])
  })

  it('[J1] counts messages of the same way and moment instead of drawing them over one another', () => {
    const stage = new MotionStage()
    stage.add([motion(1_000, 1_003), motion(1_001, 1_004), motion(1_002, 1_005, { to: 'c' })])
    expect(stage.advance(16, 1_010, 1).map(({ count }) => count)).toEqual([2, 1])
  })

  it('[J6] draws one message a way at a time when time runs fast', () => {
    const stage = new MotionStage()
    stage.add([motion(1_000, 1_003)], 100)
    stage.advance(leastMs * 0.3, 1_010, 100)
    stage.add([motion(9_000, 9_003)], 100)
    expect(stage.advance(1, 9_010, 100).map(({ count }) => count)).toEqual([2])
    stage.add([motion(9_500, 9_503)], 1)
    expect(stage.advance(1, 9_510, 1)).toHaveLength(2)
  })

  it('[J1] never holds more than can be drawn', () => {
    const stage = new MotionStage()
    stage.add(Array.from({ length: 5_000 }, (_, index) => motion(index, index + 1, { to: `${index}` })))
    expect(stage.advance(16, 10_000, 1)).toHaveLength(mostActors)
  })
})
