import { goJsonSorted } from '../../machinery/go-text.ts'
import { parseJson } from '../../machinery/json-text.ts'
import type { JsonObject } from '../../machinery/json-value.ts'
import { ApiError } from '../../machinery/status.ts'
import { microTimestamp } from '../../machinery/time.ts'
import type { Query } from './api/client.ts'
import type { Context } from './command.ts'
import { UsageError } from './errors.ts'
import { chosenOutput, objectName, printerFor } from './printers/output.ts'
import { at, withAt } from './unstructured.ts'

// What verbs that change something have in common: dry runs, queries, what they say afterwards.

export type DryRun = 'none' | 'client' | 'server'

/** The value of `--dry-run`. */
export function dryRunOf({ flags, err, host }: Context): DryRun {
  const given = String(flags['dry-run'] ?? 'none')
  if (given === 'none' || given === 'client' || given === 'server') return given
  if (given === 'unchanged') {
    err(klogWarning(host.now, 'helpers.go:731', '--dry-run is deprecated and can be replaced with --dry-run=client.'))
    return 'client'
  }
  throw new UsageError(`Invalid dry-run value (${given}). Must be "none", "server", or "client".`)
}

/** Parameters of a write. */
export function writeQuery(context: Context, manager = String(context.flags['field-manager'] ?? '')): Query {
  return {
    ...(dryRunOf(context) === 'server' && { dryRun: 'All' }),
    ...(manager !== '' && { fieldManager: manager }),
    ...(context.flags.validate !== undefined && { fieldValidation: fieldValidation(String(context.flags.validate)) }),
  }
}

function fieldValidation(given: string): string {
  if (['true', 'strict'].includes(given)) return 'Strict'
  if (given === 'warn') return 'Warn'
  if (['false', 'ignore'].includes(given)) return 'Ignore'
  throw new UsageError(`invalid - validate option ${JSON.stringify(given)}`)
}

export function dryRunSuffix(dryRun: DryRun): string {
  if (dryRun === 'none') return ''
  return dryRun === 'client' ? ' (dry run)' : ' (server dry run)'
}

/** Says what became of an object, or prints it as `-o` wants it. */
export type Reporter = (object: JsonObject, what: string, isMade?: boolean) => void

/** Makes a reporter; a wrong `-o` is noticed before anything is sent. */
export function reporter(context: Context): Reporter {
  const printer = printerFor(context)
  const suffix = dryRunSuffix(dryRunOf(context))
  return (object, what, isMade) => {
    context.out(printer ? printer.print(object, isMade) : `${objectName(object)} ${what}${suffix}\n`)
  }
}

export function hasOutput(context: Context): boolean {
  return chosenOutput(context).format !== ''
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** What an annotation holds. Whoever wrote it by hand may have written anything. */
export function jsonOf(text: string): unknown {
  const { value, error } = parseJson(text)
  if (error === undefined) return value.value
  throw new UsageError(error)
}

export const lastAppliedPath = ['metadata', 'annotations', lastApplied] as const

/** A manifest with itself noted down in its annotation, as client-side apply leaves it. */
export function withLastApplied(object: JsonObject): JsonObject {
  return withAt(object, lastAppliedPath, lastAppliedText(object))
}

/** The manifest as the annotation holds it. */
export function lastAppliedText(object: JsonObject): string {
  const bare = withAt(object, lastAppliedPath, undefined)
  const annotated =
    at(bare, 'metadata', 'annotations') === undefined ? withAt(bare, ['metadata', 'annotations'], {}) : bare
  return `${goJsonSorted(annotated)}\n`
}

/** A refusal that names the file: cmdutil.AddSourceToErr. */
export function withSource<T>(verb: string, source: string | undefined, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof ApiError) || source === undefined) throw error
    const message = `error when ${verb} ${JSON.stringify(source)}: ${error.message}`
    throw new ApiError(error.reason, message, error.details, error.code)
  }
}

/** Adds the command line to the object's change cause, when `--record` asks for it. */
export function changeCause(context: Context): string | undefined {
  return context.flags.record === true ? recordedCommand(context) : undefined
}

/** The command line as `--record` notes it. */
export function recordedCommand({ argv, flags }: Context): string {
  const words = argv.filter(word => word !== '--record' && word !== '--record=true')
  return `${words.join(' ')}${flags.record === true ? ' --record=true' : ''}`
}

/** A line that kubectl writes to its own log. */
export function klogWarning(now: number, place: string, text: string): string {
  const [date = '', time = ''] = microTimestamp(now).replace('Z', '').split('T')
  return `W${date.slice(5).replace('-', '')} ${time}    4711 ${place}] ${text}\n`
}
