import type { Answer, Call } from '../call.ts'
import { patch } from '../registry/patch.ts'
import { get } from '../registry/read.ts'
import { update } from '../registry/update.ts'

/** Subresources such as `status` read and write the whole object; what may change is decided by the strategy. */
export const getWhole = (call: Call): Answer => get(call)
export const updateWhole = (call: Call): Answer => update(call)
export const patchWhole = (call: Call): Answer => patch(call)
