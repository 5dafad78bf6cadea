import type { PodSpec } from '../../../../api/generated/core.v1.ts'
import { quote } from '../../../../machinery/go-text.ts'

/** What one check found: a short reason, and who is concerned. */
export interface Violation {
  readonly reason: string
  readonly detail?: string
}

export type Check = (spec: PodSpec) => Violation | undefined

type AnyContainer = PodSpec['containers'][number]

/** Init, ordinary and ephemeral containers, in the order in which upstream visits them. */
export function containersOf({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): AnyContainer[] {
  return [...initContainers, ...containers, ...ephemeralContainers]
}

/** `container "a"` or `containers "a", "b"`. */
export function named(what: string, names: readonly string[]): string {
  return `${what}${names.length === 1 ? '' : 's'} ${list(names)}`
}

export function list(names: readonly string[]): string {
  return names.map(quote).join(', ')
}

export function plural(one: string, many: string, count: number): string {
  return count === 1 ? one : many
}

/** Each value once, sorted. */
export function distinct(values: Iterable<string>): string[] {
  return [...new Set(values)].sort()
}

/** Who set a value that is not allowed: `pod`, `container "a"`, `pod and containers "a", "b"`; undefined when nobody did. */
export function setters(isPod: boolean, containers: readonly { readonly name: string }[]): string | undefined {
  const names = containers.map(({ name }) => name)
  const parts = [...(isPod ? ['pod'] : []), ...(names.length > 0 ? [named('container', names)] : [])]
  return parts.length > 0 ? parts.join(' and ') : undefined
}

export function isWindows({ os }: PodSpec): boolean {
  return os?.name === 'windows'
}
