import type { Owners } from '../../../machinery/structured-merge/owners.ts'

/**
 * What a request means for the owners of the object that it writes: worked out at once for whoever will see it, else noted
 * when the object is stored.
 */
export type OwnersNote = { readonly owners: Owners } | LaterNote

interface LaterNote {
  readonly owners?: undefined
  /** Who makes the change, when it is not who asks. */
  readonly by?: { readonly manager: string; readonly subresource: string }
}
