import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { applyStrategicMergePatch } from '../../../machinery/strategic-merge-patch.ts'
import { applyMergePatch } from '../../../machinery/json-merge-patch.ts'
import { pathOf } from '../api/client.ts'
import { parseYaml } from '../api/manifests.ts'
import { type Attaching, attachWhenRunning, goOnAttaching } from '../attaching.ts'
import { type Context, defineCommand, type Outcome, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { typeOf } from '../patching.ts'
import { dryRunFlag, fieldManagerFlag } from '../subject-flags.ts'
import { objectsAt, textAt } from '../unstructured.ts'
import { dryRunOf, withLastApplied, writeQuery } from '../writing.ts'
import { createGenerated } from './create/generator.ts'

const flags = {
  ...outputFlags,
  ...dryRunFlag,
  ...fieldManagerFlag('kubectl-run'),
  annotations: flag.array('Annotations to apply to the pod.'),
  attach: flag.bool(
    "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.",
  ),
  command: flag.bool(
    "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
  ),
  cascade: flag.text(
    'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
    { default: 'background', bare: 'background' },
  ),
  'detach-keys': flag.text('Override the key sequence for detaching a container.', { default: 'ctrl-p,ctrl-q' }),
  filename: flag.list('to use to replace the resource.', { short: 'f' }),
  force: flag.bool(
    'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
  ),
  'grace-period': flag.int(
    'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
    { default: -1 },
  ),
  kustomize: flag.text("Process a kustomization directory. This flag can't be used together with -f or -R.", {
    short: 'k',
  }),
  recursive: flag.bool(
    'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    { short: 'R' },
  ),
  timeout: flag.duration(
    'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
  ),
  wait: flag.bool('If true, wait for resources to be gone before returning. This waits for finalizers.'),
  env: flag.array('Environment variables to set in the container.'),
  expose: flag.bool('If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
  image: flag.text('The image for the container to run.', { required: true }),
  'image-pull-policy': flag.text(
    'The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.',
  ),
  labels: flag.text('Comma separated labels to apply to the pod. Will override previous values.', { short: 'l' }),
  'leave-stdin-open': flag.bool(
    'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.',
  ),
  overrides: flag.text(
    'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.',
  ),
  'override-type': flag.text('The method used to override the generated object: json, merge, or strategic.', {
    default: 'merge',
  }),
  'pod-running-timeout': flag.duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    { default: 60_000 },
  ),
  port: flag.text('The port that this container exposes.'),
  privileged: flag.bool('If true, run the container in privileged mode.'),
  quiet: flag.bool('If true, suppress prompt messages.', { short: 'q' }),
  restart: flag.text('The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', {
    default: 'Always',
  }),
  rm: flag.bool(
    "If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
  ),
  'save-config': flag.bool('If true, the configuration of current object will be saved in its annotation.'),
  stdin: flag.bool('Keep stdin open on the container in the pod, even if nothing is attached.', { short: 'i' }),
  tty: flag.bool('Allocate a TTY for the container in the pod.', { short: 't' }),
}

type RunContext = Context<typeof flags>

export const run = defineCommand<typeof flags, Attaching>({
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  short: 'Run a particular image on the cluster',
  flags,

  run(context) {
    const { flags: given, args } = context
    const [name] = args
    if (name === undefined || context.dash === 0) throw usageError(context, 'NAME is required for run')
    checkImage(given.image)
    if (given.tty && !given.stdin) {
      throw usageError(context, '-i/--stdin is required for containers with -t/--tty=true')
    }
    if (given.expose && given.port === '') throw usageError(context, '--port must be set when exposing a service')
    if (!['Always', 'OnFailure', 'Never'].includes(given.restart)) {
      throw usageError(context, `invalid restart policy: ${given.restart}`)
    }
    const attaches = context.isSet('attach') ? given.attach : given.stdin
    if (given.rm && !attaches) throw usageError(context, '--rm should only be used for attached containers')
    if (attaches && dryRunOf(context) !== 'none') {
      const what = "can't be used with attached containers options (--attach, --stdin, or --tty)"
      throw usageError(context, `--dry-run=[server|client] ${what}`)
    }
    const labels = given.labels === '' ? { run: name } : labelsOf(given.labels)
    const pod = overridden(context, podOf(context, name, labels))
    if (given.expose) {
      createGenerated(
        context,
        { group: '', version: 'v1', plural: 'services', namespaced: true },
        serviceOf(name, portOf(given.port), labels),
      )
      if (given.output === 'yaml') context.out('---\n---\n')
    }
    if (attaches) return createAndAttach(context, pod)
    createGenerated(context, { group: '', version: 'v1', plural: 'pods', namespaced: true }, pod)
    return undefined
  },

  resume: goOnAttaching,
})

function createAndAttach(context: RunContext, pod: JsonObject): Outcome<Attaching> {
  const { client, flags: given, host, mapper, namespace } = context
  const path = pathOf(mapper().ofGroup('', 'pods'), namespace)
  const whole = given['save-config'] ? withLastApplied(pod) : pod
  const created = client.create(path, whole, writeQuery(context))
  const { restart } = given
  return attachWhenRunning(context, created, textAt(objectsAt(created, 'spec', 'containers')[0], 'name'), {
    removes: given.rm,
    deadlineMs: host.now + given['pod-running-timeout'],
    ...((restart === 'Never' || restart === 'OnFailure') && !given['leave-stdin-open'] && { exits: restart }),
  })
}

function checkImage(image: string): void {
  if (image === '') throw new UsageError('--image is required')
  if (/^[\w][\w./:@-]*$/.test(image) && !/[A-Z].*\//.test(image)) return
  throw new UsageError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`)
}

/** `a=b,c=d`. */
export function labelsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map(part => {
      const pair = part.split('=')
      if (pair.length !== 2 || pair[0] === '') throw new UsageError(`unexpected label spec: ${part}`)
      return pair
    }),
  )
}

function portOf(text: string): number {
  if (/^[-+]?\d+$/.test(text)) return Number(text)
  throw new UsageError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function podOf({ flags: given, args }: RunContext, name: string, labels: Readonly<Record<string, string>>): JsonObject {
  const words = args.slice(1)
  const env = given.env.map(text => {
    const equals = text.indexOf('=')
    if (equals <= 0) throw new UsageError(`invalid env: ${text}`)
    return { name: text.slice(0, equals), ...(text.length > equals + 1 && { value: text.slice(equals + 1) }) }
  })
  const annotations = Object.fromEntries(given.annotations.map(text => text.split(/=(.*)/s).slice(0, 2)))
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, labels, ...(given.annotations.length > 0 && { annotations }) },
    spec: {
      containers: [
        {
          name,
          image: given.image,
          ...(words.length > 0 && (given.command ? { command: words } : { args: words })),
          ...(given.port !== '' && { ports: [{ containerPort: portOf(given.port) }] }),
          ...(env.length > 0 && { env }),
          resources: {},
          ...(given['image-pull-policy'] !== '' && { imagePullPolicy: given['image-pull-policy'] }),
          ...(given.privileged && { securityContext: { privileged: true } }),
          ...(given.stdin && { stdin: true }),
          ...(given.stdin && !given['leave-stdin-open'] && { stdinOnce: true }),
          ...(given.tty && { tty: true }),
        },
      ],
      restartPolicy: given.restart,
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  }
}

function overridden({ flags: given }: RunContext, pod: JsonObject): JsonObject {
  if (given.overrides === '') return pod
  const patch = parseYaml('overrides', given.overrides)[0]
  if (!isObject(patch)) throw new UsageError('Invalid JSON Patch')
  const type = typeOf(pod)
  if (given['override-type'] === 'strategic' && type) return applyStrategicMergePatch(pod, patch, type)
  const merged = applyMergePatch(pod, patch)
  return isObject(merged) ? merged : pod
}

function serviceOf(name: string, port: number, selector: Readonly<Record<string, string>>): JsonObject {
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector },
    status: { loadBalancer: {} },
  }
}
