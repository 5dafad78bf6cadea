import type { JsonObject } from '../../../machinery/json-value.ts'
import { quote } from '../../../machinery/go-text.ts'
import { gather, infoPath } from '../api/builder.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand, usageError } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { objectName, outputFlags, printerFor } from '../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, selectorFlag, validateFlag } from '../subject-flags.ts'
import { objectsAt, textAt, withAt } from '../unstructured.ts'
import { dryRunOf, writeQuery } from '../writing.ts'

const flags = {
  ...outputFlags,
  ...selectorFlag,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag('kubectl-taint'),
  all: flag.bool('Select all nodes in the cluster'),
  overwrite: flag.bool(
    'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
  ),
}

interface Taint {
  readonly key: string
  readonly value: string
  /** '' in a removal that takes every effect. */
  readonly effect: string
}

export const taint = defineCommand({
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  short: 'Update the taints on one or more nodes',
  flags,

  run(context) {
    const { args, flags: given, mapper } = context
    const isSpec = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-')
    const resources = args.filter((word, index) => !isSpec(word) && !args.slice(0, index).some(isSpec))
    const specs = args.slice(resources.length)
    const [type = ''] = resources
    if (type === '') throw new UsageError('one or more resources must be specified as <resource> <name>')
    if (specs.length === 0) throw new UsageError('at least one taint update is required')
    const { add, remove } = readSpecs(context, specs)
    if (mapper().find(type).plural !== 'nodes')
      throw new UsageError(`invalid resource type ${type}, only node types are supported`)
    const dryRun = dryRunOf(context)
    const printer = printerFor(context)
    // What taint says is the same in a dry run.
    const report = (object: JsonObject, what: string): void =>
      context.out(printer ? printer.print(object) : `${objectName(object)} ${what}\n`)
    const { infos, failures } = liveSubjects({ ...context, args: resources })
    const changed = gather(infos, info => {
      const object = info.object ?? {}
      const { taints, what } = changedTaints(object, add, remove, given.overwrite)
      const after = withAt(object, ['spec', 'taints'], taints.length > 0 ? taints : undefined)
      const answer =
        dryRun === 'client'
          ? after
          : context.client.patch(
              infoPath(info),
              'merge',
              { spec: { taints: taints.length > 0 ? taints : null } },
              writeQuery(context),
            )
      report(answer, what)
    })
    throwGathered([...failures, ...changed.failures])
  },
})

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const name = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

function readSpecs(context: Context<typeof flags>, specs: readonly string[]): { add: Taint[]; remove: Taint[] } {
  const add: Taint[] = []
  const remove: Taint[] = []
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const [, key = '', effect = ''] = /^([^:=]*)(?:=[^:]*)?(?::(.*))?$/.exec(spec.slice(0, -1)) ?? []
      remove.push({ key, value: '', effect })
      continue
    }
    const parsed = parseSpec(context, spec)
    const twin = add.find(({ key, effect }) => key === parsed.key && effect === parsed.effect)
    if (twin) {
      const words = `duplicated taints with the same key and effect: {${parsed.key} ${parsed.value} ${parsed.effect} <nil>}`
      throw usageError(context, words)
    }
    add.push(parsed)
  }
  const both = add.filter(each =>
    remove.some(({ key, effect }) => key === each.key && (effect === '' || effect === each.effect)),
  )
  if (both.length > 0) {
    const shown = remove
      .filter(({ key }) => both.some(each => each.key === key))
      .map(({ key, effect }) => `${key}=${effect}`)
    throw new UsageError(
      `can not both modify and remove the following taint(s) in the same command: ${shown.join(', ')}`,
    )
  }
  return { add, remove }
}

function parseSpec(context: Context, spec: string): Taint {
  const [first = '', effect, more] = spec.split(':')
  const [key = '', value = '', rest] = first.split('=')
  if (more !== undefined || rest !== undefined) throw usageError(context, `invalid taint spec: ${spec}`)
  if (effect === undefined || !name.test(key.split('/').at(-1) ?? '')) {
    const rule =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    throw usageError(context, `invalid taint spec: ${spec}, ${rule}`)
  }
  if (!effects.includes(effect)) throw usageError(context, `invalid taint effect: ${effect}, unsupported taint effect`)
  return { key, value, effect }
}

/** taint/utils.go: what the Node's taints become, and how that is called. */
function changedTaints(node: JsonObject, add: readonly Taint[], remove: readonly Taint[], overwrite: boolean) {
  const old = objectsAt(node, 'spec', 'taints')
  const isSame = (each: JsonObject, { key, effect }: Taint): boolean =>
    textAt(each, 'key') === key && (effect === '' || textAt(each, 'effect') === effect)
  const repeated = add.filter(each => old.some(known => isSame(known, each)))
  if (repeated.length > 0 && !overwrite) {
    const keys = repeated.map(({ key }) => key).join(',')
    throw new UsageError(
      `node ${textAt(node, 'metadata', 'name')} already has ${keys} taint(s) with same effect(s) and --overwrite is false`,
    )
  }
  const missing = remove.filter(each => !old.some(known => isSame(known, each)))
  if (missing.length > 0) {
    const words = missing.map(({ key, effect }) => `taint ${quote(effect === '' ? key : `${key}:${effect}`)} not found`)
    throw new UsageError(words.length > 1 ? `[${words.join(', ')}]` : words.join(''))
  }
  const kept = old.filter(known => ![...add, ...remove].some(each => isSame(known, each)))
  const added = add.map(({ key, value, effect }) => ({ key, ...(value !== '' && { value }), effect }))
  const what =
    repeated.length > 0 || (add.length > 0 && remove.length > 0) ? 'modified' : add.length > 0 ? 'tainted' : 'untainted'
  return { taints: [...added, ...kept], what }
}
