import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { gather, type Info, infoPath, subjectsOf, visit } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import { defineCommand, type Outcome, selectionOf } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { twoWayPatch } from '../../patching.ts'
import { type Attaching, attachWhenRunning, goOnAttaching } from '../../attaching.ts'
import { at, nameOf, numberAt, objectsAt } from '../../unstructured.ts'
import { type DebugContext, debugFlags } from './flags.ts'
import { copyOf, type Made, nodePod, withDebugger } from './making.ts'
import { checkProfile } from './profiles.ts'

export const debug = defineCommand<typeof debugFlags, Attaching>({
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  flags: debugFlags,

  run(context): Outcome<Attaching> {
    const { args, dash, flags: given, mapper, client, host, isSet } = context
    const targets = dash < 0 ? args : args.slice(0, dash)
    checkProfile(given.profile)
    check(context, targets)
    const words = targets.map(word => (word.includes('/') ? word : `pods/${word}`))
    const selection = selectionOf(context, { args: words })
    const { infos, failures } = visit(client, mapper, subjectsOf(host, mapper, selection), selection)
    throwGathered(failures)
    const { results, failures: refused } = gather(infos, info => start(context, info))
    throwGathered(refused)
    const attaches = isSet('attach') ? given.attach : given.stdin
    const [first] = results
    if (!attaches || !first || first.container === '') return undefined
    return attachWhenRunning(context, first.pod, first.container, { waitsForAny: true })
  },

  resume: goOnAttaching,
})

function start(context: DebugContext, info: Info): Made {
  if (info.resource.kind === 'Node') return debugNode(context, info.object ?? {})
  if (info.resource.kind !== 'Pod') {
    const { group, version, kind } = info.resource
    throw new UsageError(`${quote(`${group}/${version}, Kind=${kind}`)} not supported by debug`)
  }
  return context.flags['copy-to'] === '' ? debugInside(context, info) : debugCopy(context, info)
}

function debugNode(context: DebugContext, node: JsonObject): Made {
  const { client, mapper, namespace } = context
  const made = nodePod(context, node)
  return { ...made, pod: client.create(pathOf(mapper().ofGroup('', 'pods'), namespace), made.pod) }
}

function debugInside(context: DebugContext, info: Info): Made {
  const pod = info.object ?? {}
  const made = withDebugger(context, pod)
  warn(context, made)
  const { body } = twoWayPatch(pod, made.pod)
  return { ...made, pod: context.client.patch(infoPath(info, 'ephemeralcontainers'), 'strategic', body) }
}

function debugCopy(context: DebugContext, info: Info): Made {
  const { client, flags: given } = context
  const made = copyOf(context, info.object ?? {})
  warn(context, made)
  const pod = client.create(pathOf(info.resource, info.namespace), made.pod)
  if (given.replace) client.delete(infoPath(info), { gracePeriodSeconds: 0 })
  return { ...made, pod }
}

/** Capabilities are of no use to a user who is not root. */
function warn({ err }: DebugContext, { pod, container }: Made): void {
  if (numberAt(pod, 'spec', 'securityContext', 'runAsUser') === 0) return
  const all = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'ephemeralContainers')]
  const context = all.find(each => nameOf({ metadata: each }) === container)?.securityContext
  if (context === undefined || at(context, 'runAsUser') === 0) return
  const isStrong = at(context, 'privileged') === true || at(context, 'capabilities', 'add') !== undefined
  if (!isStrong) return
  err(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
  )
}

const imageName =
  /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::\d+)?(?:[./][\w.-]+)*(?:\/[\w.-]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-fA-F]{32,})?$/i

/** kubectl/pkg/cmd/debug/debug.go, Validate. */
function check(context: DebugContext, targets: readonly string[]): void {
  const { flags: given, args, dash, isSet, out, err } = context
  const words = dash < 0 ? [] : args.slice(dash)
  if (isSet('attach') && given.attach && given.image === '' && given.container === '') {
    throw new UsageError('you must specify --container or create a new container using --image in order to attach.')
  }
  if (given['copy-to'] === '') checkWithoutCopy(context)
  else if (given.image === '' && Object.keys(given['set-image']).length === 0 && words.length === 0) {
    throw new UsageError('you must specify --image, --set-image or command arguments.')
  } else if (words.length > 0 && given.container === '' && given.image === '') {
    throw new UsageError('you must specify an existing container or a new image when specifying args.')
  }
  const why = 'invalid reference format'
  if (given.image !== '' && !imageName.test(given.image)) {
    throw new UsageError(`invalid image name ${quote(given.image)}: ${why}`)
  }
  if (targets.length === 0 && given.filename.length === 0)
    throw new UsageError('NAME or filename is required for debug')
  if (!['Always', 'IfNotPresent', 'Never', ''].includes(given['image-pull-policy'])) {
    throw new UsageError(`invalid image pull policy: ${given['image-pull-policy']}`)
  }
  for (const [name, image] of Object.entries(given['set-image'])) {
    if (!imageName.test(image)) {
      throw new UsageError(`invalid image name ${quote(image)} for container ${quote(name)}: ${why}`)
    }
  }
  if (given.target !== '') {
    if (given['copy-to'] !== '')
      throw new UsageError('--target is incompatible with --copy-to. Use --share-processes instead.')
    if (!given.quiet) {
      const advice = "it may be because the container runtime doesn't support this feature."
      out(`Targeting container ${quote(given.target)}. If you don't see processes from this container ${advice}\n`)
    }
  }
  if (given.tty && !given.stdin) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true')
  if (given.profile === 'legacy') {
    err(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    )
  }
}

function checkWithoutCopy({ flags: given }: DebugContext): void {
  if (given.replace) throw new UsageError('--replace may only be used with --copy-to.')
  if (given['same-node']) throw new UsageError('--same-node may only be used with --copy-to.')
  if (Object.keys(given['set-image']).length > 0) throw new UsageError('--set-image may only be used with --copy-to.')
  if (given.image === '') throw new UsageError('you must specify --image when not using --copy-to.')
}
