import type { JsonObject } from '../../../../machinery/json-value.ts'
import { parseQuantity, formatQuantity, quantityError } from '../../../../machinery/quantity.ts'
import { defineCommand } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { fields } from '../../unstructured.ts'
import { matchesPattern, setEach, setFlags, subjectsToSet, withContainers, withPodSpec } from './changing.ts'
import { gatherAll } from './image.ts'

const usage =
  "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges."

/** kubectl/pkg/cmd/set/set_resources.go. */
export const setResources = defineCommand({
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  short: 'Update resource requests/limits on objects with pod templates',
  flags: {
    ...setFlags('resources'),
    containers: flag.text(
      'The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards',
      { short: 'c', default: '*' },
    ),
    limits: flag.text(usage),
    requests: flag.text(usage),
  },
  run(context) {
    const { args, flags } = context
    const infos = subjectsToSet(context, args)
    if (flags.all && flags.selector !== '') throw new UsageError('cannot set --all and --selector at the same time')
    if (flags.limits === '' && flags.requests === '') {
      throw new UsageError('you must specify an update to requests or limits (in the form of --requests/--limits)')
    }
    const limits = amountsIn(flags.limits)
    const requests = amountsIn(flags.requests)
    const missing: UsageError[] = []
    const failures = gatherAll(() =>
      setEach(context, infos, {
        done: 'resource requirements updated',
        failed: 'failed to patch resources update to pod template',
        change(object, info) {
          let count = 0
          const after = withPodSpec(object, info, spec => {
            const result = withContainers(
              spec,
              name => matchesPattern(name, flags.containers),
              container => withAmounts(container, limits, requests),
            )
            count = result.count
            return result.spec
          })
          if (count > 0) return after
          missing.push(new UsageError(`error: unable to find container named ${flags.containers}`))
          return undefined
        },
      }),
    )
    throwGathered([...missing, ...failures])
  },
})

type Amounts = Readonly<Record<string, string>>

function amountsIn(text: string): Amounts {
  if (text === '') return {}
  return Object.fromEntries(
    text.split(',').map(part => {
      const [name = '', amount, more] = part.split('=')
      if (amount === undefined || more !== undefined) {
        throw new UsageError(`invalid argument syntax ${part}, expected <resource>=<value>`)
      }
      const error = quantityError(amount)
      if (error !== undefined) throw new UsageError(error)
      return [name, formatQuantity(parseQuantity(amount))]
    }),
  )
}

function withAmounts(container: JsonObject, limits: Amounts, requests: Amounts): JsonObject {
  const before = fields(container.resources)
  const merged = (name: string, amounts: Amounts): JsonObject =>
    Object.keys(amounts).length === 0 ? {} : { [name]: { ...fields(before[name]), ...amounts } }
  return { ...container, resources: { ...before, ...merged('limits', limits), ...merged('requests', requests) } }
}
