import type { JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { type Info, infoPath, type Visited } from '../../api/builder.ts'
import { qualifiedName } from '../../api/discovery.ts'
import { liveSubjects } from '../../changing.ts'
import type { Context } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { twoWayPatch } from '../../patching.ts'
import { isGiven } from '../../subjects.ts'
import { writeQuery } from '../../writing.ts'

// What the rollout verbs have in common.

/** The workloads a command line names; a bare type means all of them. */
export function workloads(context: Context): Visited {
  if (!isGiven(context)) throw new UsageError('required resource not specified')
  return liveSubjects(context, { allowEmptySelector: true, validate: false })
}

/** Sends the difference between a workload and its changed copy; undefined when there is none. */
export function sendChange(context: Context, info: Info, after: JsonObject): JsonObject | undefined {
  const { type, body } = twoWayPatch(info.object ?? {}, after)
  if (Object.keys(body).length === 0) return undefined
  return inWords('failed to patch', () => context.client.patch(infoPath(info), type, body, writeQuery(context)))
}

/** A refusal that kubectl makes itself: `deployments.apps "web" is already paused`. */
export function refusal({ resource, name }: Info, why: string): UsageError {
  return new UsageError(`error: ${qualifiedName(resource)} ${JSON.stringify(name)} ${why}`)
}

/** A refusal of the server in words that begin with what failed: it is no longer known as the server's. */
export function inWords<T>(words: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof ApiError) throw new UsageError(`${words}: ${error.message}`)
    throw error
  }
}

export function noResources({ err, namespace }: Context): void {
  err(`No resources found in ${namespace} namespace.\n`)
}

export function negativeRevision(revision: number): UsageError {
  return new UsageError(`revision must be a positive integer: ${revision}`)
}
