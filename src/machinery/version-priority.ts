/** Which of two versions of an API clients prefer. Models apimachinery/pkg/version, CompareKubeAwareVersionStrings. */

const stages = ['alpha', 'beta', '']

/** Below zero if the first is preferred: `v2`, `v1`, `v2beta1`, `v1alpha1`, `foo`. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [a, b].map(parsed)
  if (!one || !two) {
    if (one || two) return one ? -1 : 1
    return a < b ? -1 : a > b ? 1 : 0
  }
  return two.stage - one.stage || two.major - one.major || two.minor - one.minor
}

function parsed(version: string): { stage: number; major: number; minor: number } | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (!match) return undefined
  return { stage: stages.indexOf(match[2] ?? ''), major: Number(match[1]), minor: Number(match[3] ?? 0) }
}
