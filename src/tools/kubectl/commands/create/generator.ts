import { goJson } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { pathOf } from '../../api/client.ts'
import type { Context } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { outputFlags } from '../../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, validateFlag } from '../../subject-flags.ts'
import { withAt } from '../../unstructured.ts'
import { dryRunOf, lastAppliedPath, reporter, writeQuery } from '../../writing.ts'

/** Flags of all generators. */
export const generatorFlags = {
  ...outputFlags,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag('kubectl-create'),
  'save-config': flag.bool(
    'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged.',
  ),
}

/** Where a generator's object goes. */
export interface Target {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespaced: boolean
  /** `configmap`, when a refusal is to read `failed to create configmap: …`. */
  readonly called?: string
}

const discoveryless = {
  singular: '',
  shortNames: [],
  categories: [],
  verbs: [],
  subresources: [],
  preferred: true,
  kind: '',
}

/** Creates a generated object, or prints it when it is a dry run. */
export function createGenerated(context: Context, target: Target, object: JsonObject, what = 'created'): void {
  const dryRun = dryRunOf(context)
  const report = reporter(context)
  const place =
    target.namespaced && context.isNamespaceGiven
      ? withAt(object, ['metadata', 'namespace'], context.namespace)
      : object
  const whole = context.flags['save-config'] === true ? withOwnWords(place) : place
  if (dryRun === 'client') return report(whole, what, true)
  const path = pathOf({ ...discoveryless, ...target }, target.namespaced ? context.namespace : undefined)
  report(post(context, path, whole, target.called), what)
}

/** A generated object with itself in its annotation, its members as Go's struct has them. */
function withOwnWords(object: JsonObject): JsonObject {
  return withAt(object, lastAppliedPath, `${goJson(object)}\n`)
}

function post(context: Context, path: string, object: JsonObject, called: string | undefined): JsonObject {
  const send = (): JsonObject => context.client.create(path, object, writeQuery(context))
  return called === undefined ? send() : failing(`failed to create ${called}`, send)
}

/** A refusal in words that begin with what failed: it is no longer known as the server's. */
export function failing<T>(words: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new UsageError(`${words}: ${error.message}`)
  }
}

/** `key=value` parts. */
export function pairOf(text: string, complaint: (text: string) => string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new UsageError(complaint(text))
  return [text.slice(0, equals), text.slice(equals + 1)]
}
