import type { Mark } from '../../scene/model.ts'

export interface Cluster {
  /** Share of the width. */
  readonly at: number
  readonly type: Mark['type']
  readonly count: number
  readonly label: string
  readonly time: number
}

/** What stands above what when marks fall together. */
const weight: Record<Mark['type'], number> = { fault: 3, input: 2, warning: 1, normal: 0 }

/** Marks as they can be told apart at a width: those within a few pixels become one, called after the weightiest. */
export function clusterMarks(marks: readonly Mark[], start: number, end: number, width: number): readonly Cluster[] {
  const span = Math.max(1, end - start)
  const slots = new Map<number, Mark[]>()
  for (const mark of marks) {
    const slot = Math.round((((mark.at - start) / span) * width) / 7)
    const there = slots.get(slot)
    if (there) there.push(mark)
    else slots.set(slot, [mark])
  }
  return [...slots.values()].map(group => {
    const chief = group.reduce((best, mark) => (weight[mark.type] > weight[best.type] ? mark : best))
    const labels = group.slice(0, 6).map(mark => mark.label)
    const label = group.length > labels.length ? [...labels, '…'].join('\n') : labels.join('\n')
    return { at: (chief.at - start) / span, type: chief.type, count: group.length, label, time: chief.at }
  })
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400]

/** Times for the scale: round ones, at most one every hundred pixels. */
export function ticksOf(start: number, end: number, width: number): readonly number[] {
  const span = Math.max(1, end - start) / 1000
  const most = Math.max(1, Math.floor(width / 100))
  const step = (steps.find(each => span / each <= most) ?? 86_400) * 1000
  const ticks: number[] = []
  for (let at = Math.ceil(start / step) * step; at <= end; at += step) ticks.push(at)
  return ticks
}
