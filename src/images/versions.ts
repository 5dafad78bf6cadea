/**
 * Which tags a repository has, as a rule: names such as `latest`, and versions from the first to the newest minor of each
 * major, with any number of patches up to a limit. A variant such as `-alpine` may follow.
 */
export interface TagRule {
  readonly names: readonly string[]
  /** Major → smallest and largest minor. */
  readonly minors: Readonly<Record<number, readonly [number, number]>>
  /** Largest patch of a minor; the same for all. */
  readonly maxPatch: number
  readonly variants?: readonly string[]
}

/** Whether a repository with such tags has this one: `1`, `1.19`, `1.19.3`, `1.19.3-alpine`, `alpine`. */
export function hasTag({ names, minors, maxPatch, variants = [] }: TagRule, tag: string): boolean {
  if (names.includes(tag) || variants.includes(tag)) return true
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-(.+))?$/.exec(tag)
  if (!match) return false
  const [, major = '', minor, patch, variant] = match
  if (variant !== undefined && !variants.includes(variant)) return false
  const range = minors[Number(major)]
  if (!range || (major.length > 1 && major.startsWith('0'))) return false
  if (minor !== undefined && (Number(minor) < range[0] || Number(minor) > range[1])) return false
  return patch === undefined || Number(patch) <= maxPatch
}
