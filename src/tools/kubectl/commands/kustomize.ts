import { defineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { buildKustomization } from '../kustomize/build.ts'
import { writeYaml } from '../printers/yaml.ts'

/** kustomize/v5/commands/build: what `-k` would send, printed. */
export const kustomize = defineCommand({
  use: 'kustomize DIR [flags]',
  short: 'Build a kustomization target from a directory or URL',
  flags: {
    'as-current-user': flag.bool('use the uid and gid of the command executor to run the function in the container'),
    'enable-alpha-plugins': flag.bool('enable kustomize plugins'),
    'enable-helm': flag.bool('Enable use of the Helm chart inflator generator.'),
    env: flag.array('a list of environment variables to be used by functions', { short: 'e' }),
    'helm-api-versions': flag.array('Kubernetes api versions used by Helm for Capabilities.APIVersions'),
    'helm-command': flag.text('helm command (path to executable)', { default: 'helm' }),
    'helm-debug': flag.bool('Enable debug output from the Helm chart inflator generator.'),
    'helm-kube-version': flag.text('Kubernetes version used by Helm for Capabilities.KubeVersion'),
    'load-restrictor': flag.text(
      "if set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root. This does, however, break the relocatability of the kustomization.",
      { default: 'LoadRestrictionsRootOnly' },
    ),
    mount: flag.array('a list of storage options read from the filesystem'),
    network: flag.bool('enable network access for functions that declare it'),
    'network-name': flag.text('the docker network to run the container in', { default: 'bridge' }),
    output: flag.text('If specified, write output to this path.', { short: 'o' }),
  },
  run({ args, err, flags, host, out }) {
    const [folder = '.', more] = args
    if (more !== undefined) throw new UsageError('specify one path to kustomization.yaml')
    const objects = buildKustomization({ host, warn: err }, folder)
    const text = objects.map(object => writeYaml(object)).join('---\n')
    if (flags.output === '') out(text)
    else host.files.write(flags.output, text)
  },
})
