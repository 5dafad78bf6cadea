import type { StorageHooks } from './storage-hooks.ts'

/** Jobs leave their Pods behind unless they are told otherwise, and say so (batch/job/storage, Delete). */
export const jobHooks: StorageHooks = {
  delete({ options, warnings }) {
    if (options.propagationPolicy === undefined && options.orphanDependents === undefined) {
      warnings.push(
        'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or ' +
          'set propagationPolicy=Orphan to suppress this warning',
      )
    }
    return undefined
  },
}
