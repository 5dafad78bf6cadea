import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { type Context, defineCommand } from '../../command.ts'
import { SeveralErrors, throwGathered, UsageError } from '../../errors.ts'
import { isGiven } from '../../subjects.ts'
import { nothingGiven } from '../delete.ts'
import { type Setting, setEach, setFlags, subjectsToSet, withContainers, withPodSpec } from './changing.ts'

const flags = setFlags('image')

/** kubectl/pkg/cmd/set/set_image.go. */
export const setImage = defineCommand({
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  short: 'Update the image of a pod template',
  flags,
  run(context) {
    const { resources, images } = splitWords(context.args)
    const infos = subjectsToSet(context, resources)
    validate(context, resources, images)
    const missing: UsageError[] = []
    const setting: Setting = {
      done: 'image updated',
      failed: 'failed to patch image update to pod template:',
      change: (object, info) => withPodSpec(object, info, spec => withImages(spec, images, missing)),
    }
    const failures = gatherAll(() => setEach(context, infos, setting))
    throwGathered([...missing, ...failures])
  },
})

function splitWords(args: readonly string[]): { resources: readonly string[]; images: ReadonlyMap<string, string> } {
  const first = args.findIndex(word => word.includes('='))
  const resources = first < 0 ? args : args.slice(0, first)
  const pairs = first < 0 ? [] : args.slice(first)
  const images = new Map<string, string>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 0) throw new UsageError(`all resources must be specified before image changes: ${pair}`)
    if (equals === 0 || equals === pair.length - 1) throw new UsageError(`invalid image format: ${pair}`)
    images.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  return { resources, images }
}

function validate(
  context: Context<typeof flags>,
  resources: readonly string[],
  images: ReadonlyMap<string, string>,
): void {
  if (!isGiven({ ...context, args: resources })) throw nothingGiven()
  if (context.flags.all && context.flags.selector !== '')
    throw new UsageError('cannot set --all and --selector at the same time')
  if (images.size === 0) throw new UsageError('at least one image update is required')
  if (images.size > 1 && images.has('*')) {
    throw new UsageError(
      'all containers are already specified by *, but saw more than one container_name=container_image pairs',
    )
  }
}

function withImages(spec: JsonObject, images: ReadonlyMap<string, string>, missing: UsageError[]): JsonObject {
  let changed = spec
  for (const [name, image] of images) {
    const { spec: next, count } = withContainers(
      changed,
      each => name === '*' || each === name,
      container => ({ ...container, image }),
    )
    if (count === 0) missing.push(new UsageError(`error: unable to find container named ${quote(name)}`))
    changed = next
  }
  return changed
}

/** The failures that an action throws. */
export function gatherAll(action: () => void): readonly UsageError[] {
  try {
    action()
    return []
  } catch (error) {
    if (error instanceof SeveralErrors)
      return error.failures.map(each => (each instanceof UsageError ? each : new UsageError(each.message)))
    if (error instanceof UsageError) return [error]
    throw error
  }
}
