import { goJson, Printed } from '../../machinery/go-text.ts'
import { internalFields } from './internalstructs.ts'

/**
 * Objects as the API server's internal structs, which some of its messages print: as JSON, or as a unified diff of
 * indented JSON (apimachinery/pkg/util/diff).
 */

type Plain = Readonly<Record<string, unknown>>

/** A value of the API in the shape of an internal struct. Its keys are in the struct's order. */
export function internalForm(struct: string, value: object): Plain {
  const source: Plain = { ...value }
  const result: Record<string, unknown> = {}
  for (const { name, key, type, struct: inner } of internalFields(struct)) {
    const item = source[key]
    switch (type) {
      case 'string':
        result[name] = item ?? ''
        break
      case 'int':
        result[name] = item ?? 0
        break
      case 'bool':
        result[name] = item ?? false
        break
      case 'value':
      case 'list':
        result[name] = item ?? null
        break
      case 'struct':
        result[name] = internalForm(inner, isObject(item) ? item : {})
        break
      case 'pointer':
        result[name] = isObject(item) ? internalForm(inner, item) : null
        break
      case 'structs':
        result[name] = Array.isArray(item) ? item.map(each => internalForm(inner, isObject(each) ? each : {})) : null
    }
  }
  return result
}

/** A Pod's spec: internally the namespaces it shares with the host belong to its security context. */
export function internalPodSpec(spec: object): Plain {
  const source: Plain = { ...spec }
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = source
  const context = isObject(source['securityContext']) ? source['securityContext'] : {}
  return internalForm('PodSpec', {
    ...source,
    securityContext: { ...context, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A value as upstream prints it in an error: JSON of the internal struct. */
export function printInternal(struct: string, value: object): Printed {
  return new Printed(goJson(internalForm(struct, value)))
}

/** A template as upstream prints it: its metadata is of the public type, its spec is not. */
export function printTemplate({ metadata, spec }: { metadata?: object; spec: object }): Printed {
  return new Printed(goJson({ ...metadata, Spec: internalPodSpec(spec) }))
}

/** What changed between two internal forms, as lines: `@@ -1,7 +1,7 @@` and three lines around each change. */
export function internalDiff(before: Plain, after: Plain): string {
  return unifiedDiff(indented(before), indented(after))
}

function indented(value: Plain): string[] {
  return JSON.stringify(value, null, 1).split('\n')
}

const context = 3

interface Hunk {
  /** First and last line that differ, in each version (the end is exclusive). */
  readonly from: [number, number]
  readonly to: [number, number]
}

function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  let text = ''
  for (const group of groupsOf(differences(before, after))) {
    const first = group[0]
    const last = group.at(-1)
    if (!first || !last) continue
    const start = Math.max(first.from[0] - context, 0)
    const shift = first.to[0] - first.from[0]
    const end = Math.min(last.from[1] + context, before.length)
    const toEnd = Math.min(last.to[1] + context, after.length)
    text += `@@ -${range(start, end)} +${range(start + shift, toEnd)} @@\n`
    let line = start
    for (const { from, to } of group) {
      for (; line < from[0]; line++) text += ` ${before[line] ?? ''}\n`
      for (; line < from[1]; line++) text += `-${before[line] ?? ''}\n`
      for (let added = to[0]; added < to[1]; added++) text += `+${after[added] ?? ''}\n`
    }
    for (; line < end; line++) text += ` ${before[line] ?? ''}\n`
  }
  return text
}

function range(start: number, end: number): string {
  const length = end - start
  if (length === 1) return `${start + 1}`
  return `${length === 0 ? start : start + 1},${length}`
}

/** Changes closer than two contexts are told together. */
function groupsOf(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = []
  for (const hunk of hunks) {
    const group = groups.at(-1)
    const previous = group?.at(-1)
    if (group && previous && hunk.from[0] - previous.from[1] <= 2 * context) group.push(hunk)
    else groups.push([hunk])
  }
  return groups
}

/** The hunks between two lists of lines, by their longest common subsequence between the first and last change. */
function differences(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let tail = 0
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++
  }
  const old = before.slice(start, before.length - tail)
  const fresh = after.slice(start, after.length - tail)
  const lengths = commonLengths(old, fresh)

  const hunks: Hunk[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i++
      j++
      continue
    }
    const from = i
    const to = j
    while ((i < old.length || j < fresh.length) && !(i < old.length && j < fresh.length && old[i] === fresh[j])) {
      if (j >= fresh.length || (i < old.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) i++
      else j++
    }
    hunks.push({ from: [start + from, start + i], to: [start + to, start + j] })
  }
  return hunks
}

function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths: number[][] = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i]
      if (row)
        row[j] = a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  }
  return lengths
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}
