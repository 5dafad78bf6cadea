import { type FieldError, invalid, notSupported } from '../../../machinery/fieldpath.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { refuseInvalid } from './invalid.ts'

const policies = ['Background', 'Foreground', 'Orphan']

/** ValidateDeleteOptions of apis/meta/v1/validation. */
export function checkDeleteOptions({ propagationPolicy, orphanDependents }: RequestOptions): void {
  const errors: FieldError[] = []
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set'
    errors.push(invalid('propagationPolicy', propagationPolicy, why))
  }
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    errors.push(notSupported('propagationPolicy', propagationPolicy, [...policies, 'nil']))
  }
  refuseInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors)
}

/** The finalizers that the options of a deletion leave: deletionFinalizersForGarbageCollection. */
export function gcFinalizers(kind: Kind, { metadata }: ApiObject, options: RequestOptions): string[] {
  const others = (metadata.finalizers ?? []).filter(name => name !== 'orphan' && name !== 'foregroundDeletion')
  const policy = propagation(kind, metadata.finalizers ?? [], options)
  if (policy === 'Orphan') others.push('orphan')
  if (policy === 'Foreground') others.push('foregroundDeletion')
  return others
}

function propagation(kind: Kind, finalizers: readonly string[], options: RequestOptions): string {
  if (options.orphanDependents !== undefined) return options.orphanDependents ? 'Orphan' : 'Background'
  if (options.propagationPolicy !== undefined) return options.propagationPolicy
  // A finalizer that an earlier deletion set stands for its policy.
  if (finalizers.includes('orphan')) return 'Orphan'
  if (finalizers.includes('foregroundDeletion')) return 'Foreground'
  return kind.defaultPropagation ?? 'Background'
}
