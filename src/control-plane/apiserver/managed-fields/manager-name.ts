import { byteLength } from '../../../machinery/go-text.ts'
import type { Call } from '../call.ts'

const maxBytes = 128
const printable = /[ \p{L}\p{M}\p{N}\p{P}\p{S}]/u

/** Agents → names. A memo: components' agents never change. */
const names = new Map<string, string>()

/** Who makes the request: `?fieldManager`, or the first word of the User-Agent (handlers/create.go, managerOrUserAgent). */
export function managerName({ options, request: { userAgent } }: Call): string {
  if (options.fieldManager) return options.fieldManager
  let name = names.get(userAgent)
  if (name === undefined) {
    // Whoever asks from outside may make up agents without end.
    if (names.size > 1_000) names.clear()
    names.set(userAgent, (name = firstWord(userAgent) || 'unknown'))
  }
  return name
}

function firstWord(userAgent: string): string {
  let name = ''
  for (const rune of userAgent.split('/')[0] ?? '') {
    if (!printable.test(rune)) continue
    if (byteLength(name) + byteLength(rune) > maxBytes) break
    name += rune
  }
  return name
}
