import type { JsonObject } from '../../../../machinery/json-value.ts'
import { applyStrategicMergePatch } from '../../../../machinery/strategic-merge-patch.ts'
import { parseYaml } from '../../api/manifests.ts'
import { UsageError } from '../../errors.ts'
import { typeOf } from '../../patching.ts'
import { containersIn } from '../../pod-target.ts'
import { at, fields, items, nameOf, namespaceOf, objectsAt, textAt, withAt } from '../../unstructured.ts'
import type { DebugContext } from './flags.ts'
import { changeContainer, type Kept, type Style, withProfile } from './profiles.ts'

/** A Pod with its debugging container. */
export interface Made {
  readonly pod: JsonObject
  readonly container: string
}

/** The Pod with one more ephemeral container. */
export function withDebugger(context: DebugContext, pod: JsonObject): Made {
  const { flags } = context
  const container = containerName(context, pod)
  const added = {
    ...newContainer(context, container),
    ...(flags.target !== '' && { targetContainerName: flags.target }),
  }
  const list = items(at(pod, 'spec', 'ephemeralContainers'))
  return finished(context, withAt(pod, ['spec', 'ephemeralContainers'], [...list, added]), container, 'ephemeral')
}

/** A Pod on a Node that sees its files, processes and network, as far as the profile goes. */
export function nodePod(context: DebugContext, node: JsonObject): Made {
  const { flags, out } = context
  const container = flags.container === '' ? 'debugger' : flags.container
  const name = `node-debugger-${nameOf(node)}-${randomSuffix(context)}`
  if (!flags.quiet) out(`Creating debugging pod ${name} with container ${container} on node ${nameOf(node)}.\n`)
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [newContainer(context, container)],
      nodeName: nameOf(node),
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  }
  return finished(context, pod, container, 'node')
}

/** A copy of a Pod, with another container or with its own changed. An empty container name: nothing to attach to. */
export function copyOf(context: DebugContext, original: JsonObject): Made {
  const { flags, isSet } = context
  const { ephemeralContainers: _, nodeName, ...rest } = fields(original.spec)
  const images = flags['set-image']
  const containers = objectsAt(original, 'spec', 'containers').map(each => {
    const image = images[textAt(each, 'name')] ?? images['*']
    return image === undefined ? each : { ...each, image }
  })
  const spec = {
    ...rest,
    ...(flags['same-node'] && { nodeName }),
    ...(isSet('share-processes') && { shareProcessNamespace: flags['share-processes'] }),
    containers,
  }
  const { annotations, labels } = fields(original.metadata)
  const metadata = {
    name: flags['copy-to'],
    namespace: namespaceOf(original),
    ...(annotations !== undefined && { annotations }),
    ...(labels !== undefined && { labels }),
  }
  const copy: JsonObject = { kind: 'Pod', apiVersion: 'v1', metadata, spec }
  const isThere = flags.container !== '' && containersIn(copy).includes(flags.container)
  if (!isThere && flags.image === '') {
    if (Object.keys(images).length > 0) return { pod: copy, container: '' }
    throw new UsageError('you must specify image when creating new container')
  }
  const container = isThere ? flags.container : containerName(context, copy)
  const blank = { name: container, terminationMessagePolicy: 'File' }
  const grown = isThere ? copy : withAt(copy, ['spec', 'containers'], [...containers, blank])
  const changed = changeContainer(grown, container, each => ({ ...each, ...overrides(context) }))
  return finished(context, changed, container, 'copy')
}

function overrides(context: DebugContext): JsonObject {
  const { flags } = context
  return {
    ...wordsOf(context),
    ...envOf(context),
    ...(flags.image !== '' && { image: flags.image }),
    ...(flags['image-pull-policy'] !== '' && { imagePullPolicy: flags['image-pull-policy'] }),
    stdin: flags.stdin,
    tty: flags.tty,
  }
}

function newContainer(context: DebugContext, name: string): JsonObject {
  const { flags } = context
  return {
    name,
    image: flags.image,
    ...wordsOf(context),
    ...envOf(context),
    resources: {},
    terminationMessagePolicy: 'File',
    ...(flags['image-pull-policy'] !== '' && { imagePullPolicy: flags['image-pull-policy'] }),
    ...(flags.stdin && { stdin: true }),
    ...(flags.tty && { tty: true }),
  }
}

function wordsOf({ args, dash, flags }: DebugContext): JsonObject {
  const words = dash < 0 ? [] : args.slice(dash)
  if (words.length === 0) return {}
  return flags['arguments-only'] ? { args: words } : { command: words, args: undefined }
}

function envOf({ flags }: DebugContext): JsonObject {
  const env = Object.entries(flags.env).map(([name, value]) => ({ name, value }))
  return env.length === 0 ? {} : { env }
}

function containerName(context: DebugContext, pod: JsonObject): string {
  const { flags, out } = context
  if (flags.container !== '') return flags.container
  let name = ''
  while (name === '' || containersIn(pod).includes(name)) name = `debugger-${randomSuffix(context)}`
  if (!flags.quiet) out(`Defaulting debug container name to ${name}.\n`)
  return name
}

/** Letters that make no words: apimachinery's rand.String. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

function randomSuffix({ host }: DebugContext): string {
  return Array.from({ length: 5 }, () => letters.charAt(Math.floor(host.random() * letters.length))).join('')
}

function finished(context: DebugContext, pod: JsonObject, container: string, style: Style): Made {
  const { flags, host } = context
  const kept: Kept = {
    labels: flags['keep-labels'],
    annotations: flags['keep-annotations'],
    liveness: flags['keep-liveness'],
    readiness: flags['keep-readiness'],
    startup: flags['keep-startup'],
    initContainers: flags['keep-init-containers'],
  }
  const made = withProfile(pod, flags.profile, container, style, kept)
  if (flags.custom === '') return { pod: made, container }
  const text = host.files.read(flags.custom)
  if (text === undefined) {
    const why = `open ${flags.custom}: no such file or directory`
    throw new UsageError(`must pass a container spec json file for custom profile: ${why}`)
  }
  const custom = fields(parseYaml(flags.custom, text)[0])
  if (['name', 'command', 'image', 'lifecycle', 'volumeDevices'].some(name => custom[name] !== undefined)) {
    throw new UsageError('name, command, image, lifecycle and volume devices are not modifiable via custom profile')
  }
  const list = style === 'ephemeral' ? 'ephemeralContainers' : 'containers'
  const type = typeOf(made)
  const patch = { spec: { [list]: [{ ...custom, name: container }] } }
  return { pod: type ? applyStrategicMergePatch(made, patch, type) : made, container }
}
