import type { ApiObject } from '../../../machinery/object.ts'
import type { KeyValue } from '../../etcd/store.ts'
import type { Answer, Call } from '../call.ts'

/** What the storage of a resource does besides the generic store: `registry/core/service/storage` and its like. */
export interface StorageHooks {
  /** Before validation: may allocate. */
  beforeCreate?(draft: ApiObject, call: Call): void
  beforeUpdate?(draft: ApiObject, old: ApiObject, call: Call): void
  /** Takes a deletion over. Undefined lets the generic store go on. */
  delete?(call: Call, existing: KeyValue, object: ApiObject): Answer | undefined
  /** A last object may not go yet, though its finalizers are gone. */
  keeps?(object: ApiObject): boolean
}
