import type { Diagnosis } from './cycle.ts'
import type { Refusal } from './refusal.ts'

/** What a Pod is told that found no node: FitError.Error of pkg/scheduler/framework/types.go. */
export function fitMessage(diagnosis: Diagnosis, nodes: number, afterwards: string): string {
  const { refusedAll, refusals, absent } = diagnosis
  let text = `0/${nodes} nodes are available:`
  if (refusedAll) text += ` ${refusedAll.reasons.join(', ')}.`
  else {
    const counted = countReasons(refusals.values(), nodes - refusals.size, absent)
    if (counted.length > 0) text += ` ${counted.join(', ')}.`
  }
  return afterwards ? `${text} ${afterwards}` : text
}

/** `2 Insufficient cpu`, for every reason, sorted as text. */
export function countReasons(
  refusals: Iterable<Pick<Refusal, 'reasons'>>,
  absentNodes: number,
  absent: Pick<Refusal, 'reasons'> | undefined,
): string[] {
  const counts = new Map<string, number>()
  const count = (reasons: readonly string[], times: number): void => {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + times)
  }
  for (const { reasons } of refusals) count(reasons, 1)
  if (absent && absentNodes > 0) count(absent.reasons, absentNodes)
  return [...counts].map(([reason, times]) => `${times} ${reason}`).sort()
}

const noteLimit = 1024

/** An Event's note has a limit (truncateMessage). */
export function truncated(message: string): string {
  return message.length <= noteLimit ? message : `${message.slice(0, noteLimit - 4)} ...`
}
