import type { JsonObject } from '../../../machinery/json-value.ts'
import { defineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { writeYaml } from '../printers/yaml.ts'
import { textAt } from '../unstructured.ts'

/** What this kubectl is: the build that the recordings were made with. */
export const clientVersion: JsonObject = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.2',
  gitCommit: '$Format:%H$',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const kustomizeVersion = 'v5.8.1'

/** kubectl/pkg/cmd/version/version.go. */
export const version = defineCommand({
  use: 'version [flags]',
  short: 'Print the client and server version information',
  flags: {
    client: flag.bool('If true, shows client version only (no server required).'),
    output: flag.text("One of 'yaml' or 'json'.", { short: 'o' }),
  },
  run({ args, client, flags, out }) {
    if (args.length > 0) throw new UsageError(`extra arguments: [${args.join(' ')}]`)
    const { output } = flags
    if (!['', 'yaml', 'json'].includes(output)) throw new UsageError("--output must be 'yaml' or 'json'")
    const server = flags.client ? undefined : client.get('/version')
    const all = { clientVersion, kustomizeVersion, ...(server && { serverVersion: server }) }
    if (output === 'json') return out(`${JSON.stringify(all, undefined, 2)}\n`)
    if (output === 'yaml') return out(`${writeYaml(all)}\n`)
    out(`Client Version: ${textAt(clientVersion, 'gitVersion')}\nKustomize Version: ${kustomizeVersion}\n`)
    if (server) out(`Server Version: ${textAt(server, 'gitVersion')}\n`)
  },
})
