import { isObject } from '../../../../machinery/json-value.ts'
import { gather, infoPath, manifestInfo, subjectsOf, visit } from '../../api/builder.ts'
import { defineCommand, selectionOf } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { writeJson } from '../../printers/json.ts'
import { outputFlags } from '../../printers/output.ts'
import { writeYaml } from '../../printers/yaml.ts'
import { dryRunFlag, fileFlags, selectorFlag } from '../../subject-flags.ts'
import { at, textAt, withAt } from '../../unstructured.ts'
import { dryRunOf, jsonOf, lastAppliedPath, lastAppliedText, reporter, writeQuery } from '../../writing.ts'

export const viewLastApplied = defineCommand({
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  flags: {
    ...fileFlags,
    ...selectorFlag,
    all: flag.bool('Select all resources in the namespace of the specified resource types'),
    output: flag.text('Output format. Must be one of (yaml, json)', { short: 'o', default: 'yaml' }),
  },
  run(context) {
    const { client, flags, host, mapper, out } = context
    if (flags.output !== 'yaml' && flags.output !== 'json') {
      throw new UsageError(`Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`)
    }
    const selection = selectionOf(context)
    const { infos, failures } = visit(client, mapper, subjectsOf(host, mapper, selection), selection)
    throwGathered(failures)
    for (const { object } of infos) {
      const text = textAt(object, ...lastAppliedPath)
      if (text === '') continue
      const value = jsonOf(text)
      out(flags.output === 'yaml' ? writeYaml(value) : `${writeJson(value, '  ')}\n`)
    }
  },
})

export const setLastApplied = defineCommand({
  use: 'set-last-applied -f FILENAME',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  flags: {
    ...outputFlags,
    filename: fileFlags.filename,
    ...dryRunFlag,
    'create-annotation': flag.bool(
      "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
  },
  run(context) {
    const { client, flags, host, mapper } = context
    const report = reporter(context)
    const selection = selectionOf(context)
    const subjects = subjectsOf(host, mapper, selection)
    const manifests = subjects.sort === 'files' ? subjects.manifests : []
    const { failures } = gather(manifests, manifest => {
      const info = manifestInfo(mapper(), manifest, selection)
      const live = client.get(infoPath(info))
      if (at(live, ...lastAppliedPath) === undefined && !flags['create-annotation']) {
        const advice = 'to create the annotation, run the command with --create-annotation'
        throw new UsageError(`no last-applied-configuration annotation found on resource: ${info.name}, ${advice}`)
      }
      const text = lastAppliedText(info.object ?? {})
      const after = withAt(live, lastAppliedPath, text)
      if (textAt(live, ...lastAppliedPath) === text) return report(live, 'configured')
      if (dryRunOf(context) === 'client') return report(after, 'configured')
      const patch = withAt({}, lastAppliedPath, text)
      const object = client.patch(infoPath(info), 'merge', patch, writeQuery(context))
      report(isObject(object) ? object : after, 'configured')
    })
    throwGathered(failures)
  },
})
