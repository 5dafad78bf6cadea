import type { Job } from '../../../api/batch/job.ts'
import { parseIndexes } from './indexes.ts'

/** Which rule of a Job's success policy is met, as its condition says it. Models pkg/controller/job/success_policy.go. */
export function metRule({ spec }: Job, succeeded: ReadonlySet<number>): string | undefined {
  if (succeeded.size === 0) return undefined
  const rules = spec.successPolicy?.rules ?? []
  const met = rules.findIndex(({ succeededIndexes, succeededCount = Infinity }) => {
    if (succeededIndexes === undefined) return succeeded.size >= succeededCount
    const required = parseIndexes(succeededIndexes, spec.completions)
    const reached = [...required].filter(index => succeeded.has(index)).length
    return required.size > 0 && (reached === required.size || reached >= succeededCount)
  })
  return met < 0 ? undefined : `Matched rules at index ${met}`
}
