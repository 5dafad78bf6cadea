import type { Verb } from '../../machinery/rest.ts'

/** What the server does for a read, for a list or the beginning of a watch, and what etcd's disk adds to a write, in ms. */
const readMs = 1.5
const listMs = 4
export const storageMs = 3.5

/** How long the server is at a request, in ms: its caller is charged that (D3), and the server's metrics tell it. */
export function requestMs(verb: Verb): number {
  if (verb === 'get') return readMs
  return verb === 'list' || verb === 'watch' ? listMs : readMs + storageMs
}
