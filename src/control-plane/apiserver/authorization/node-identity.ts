import type { UserInfo } from '../../../machinery/rest.ts'

const prefix = 'system:node:'

/**
 * The node that a user is: undefined for users that are none, '' for one that does not say which
 * (pkg/auth/nodeidentifier).
 */
export function nodeNameOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(prefix) || !groups.includes('system:nodes')) return undefined
  return name.slice(prefix.length)
}
