import type { Context } from '../../command.ts'
import { flag } from '../../flags.ts'
import { fileFlags } from '../../subject-flags.ts'

const onlyCopies = "(This flag only works when used with '--copy-to')"

export const debugFlags = {
  filename: fileFlags.filename,
  'arguments-only': flag.bool(
    'If specified, everything after -- will be passed to the new container as Args instead of Command.',
  ),
  attach: flag.bool(
    "If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true.",
  ),
  container: flag.text('Container name to use for debug container.', { short: 'c' }),
  'copy-to': flag.text('Create a copy of the target Pod with this name.'),
  custom: flag.text(
    'Path to a JSON or YAML file containing a partial container spec to customize built-in debug profiles.',
  ),
  env: flag.pairs('Environment variables to set in the container.'),
  image: flag.text('Container image to use for debug container.'),
  'image-pull-policy': flag.text(
    'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.',
  ),
  'keep-annotations': flag.bool(`If true, keep the original pod annotations.${onlyCopies}`),
  'keep-init-containers': flag.bool(`Run the init containers for the pod. Defaults to true.${onlyCopies}`, {
    default: true,
  }),
  'keep-labels': flag.bool(`If true, keep the original pod labels.${onlyCopies}`),
  'keep-liveness': flag.bool(`If true, keep the original pod liveness probes.${onlyCopies}`),
  'keep-readiness': flag.bool(`If true, keep the original pod readiness probes.${onlyCopies}`),
  'keep-startup': flag.bool(`If true, keep the original startup probes.${onlyCopies}`),
  profile: flag.text(
    'Options are "general", "baseline", "restricted", "netadmin" or "sysadmin". Defaults to "general"',
    { default: 'general' },
  ),
  quiet: flag.bool('If true, suppress informational messages.', { short: 'q' }),
  replace: flag.bool("When used with '--copy-to', delete the original Pod."),
  'same-node': flag.bool("When used with '--copy-to', schedule the copy of target Pod on the same node."),
  'set-image': flag.pairs(
    "When used with '--copy-to', a list of name=image pairs for changing container images, similar to how 'kubectl set image' works.",
  ),
  'share-processes': flag.bool("When used with '--copy-to', enable process namespace sharing in the copy.", {
    default: true,
  }),
  stdin: flag.bool('Keep stdin open on the container(s) in the pod, even if nothing is attached.', { short: 'i' }),
  target: flag.text('When using an ephemeral container, target processes in this container name.'),
  tty: flag.bool('Allocate a TTY for the debugging container.', { short: 't' }),
}

export type DebugContext = Context<typeof debugFlags>
