import { parseToLabelSelector } from '../../../../machinery/labels-parser.ts'
import { defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { fileFlags, selectorFlag } from '../../subject-flags.ts'
import { withAt } from '../../unstructured.ts'
import { setEach, setFlags, subjectsToSet } from './changing.ts'

/** kubectl/pkg/cmd/set/set_selector.go. */
export const setSelector = defineCommand({
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  short: 'Set the selector on a resource',
  flags: {
    ...setFlags('selector'),
    kustomize: { ...fileFlags.kustomize, hidden: true },
    recursive: { ...fileFlags.recursive, initial: true, shown: 'true' },
    selector: { ...selectorFlag.selector, hidden: true },
    'resource-version': flag.text(
      'If non-empty, the selectors update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
    ),
  },
  run(context) {
    const { args, flags } = context
    const { value, error } = parseToLabelSelector(args.at(-1) ?? '')
    if (args.length > 0 && error !== undefined) throw new UsageError(error)
    const infos = subjectsToSet(context, args.slice(0, -1))
    if (args.length === 0) throw new UsageError('one selector is required')
    const selector = value?.matchLabels ?? {}
    setEach(context, infos, {
      done: 'selector updated',
      failed: '',
      always: true,
      change(object, { resource }) {
        if (resource.kind !== 'Service') throw new UsageError('setting a selector is only supported for Services')
        const version = flags['resource-version']
        const versioned = version === '' ? object : withAt(object, ['metadata', 'resourceVersion'], version)
        return withAt(versioned, ['spec', 'selector'], selector)
      },
    })
  },
})
