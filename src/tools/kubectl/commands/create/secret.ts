import { encodeBase64 } from '../../../../machinery/base64.ts'
import { type Context, defineCommand, defineGroup, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { withHash } from '../../kustomize/hash.ts'
import { readSources } from './file-sources.ts'
import { createGenerated, generatorFlags } from './generator.ts'

const hash = { 'append-hash': flag.bool('Append a hash of the secret to its name.') }

function createSecret(context: Context, type: string, data: ReadonlyMap<string, string>, called = 'secret'): void {
  const encoded = [...data].map(([key, value]) => [key, encodeBase64(value)])
  const object = {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: oneName(context) },
    ...(encoded.length > 0 && { data: Object.fromEntries(encoded) }),
    ...(type !== '' && { type }),
  }
  const target = { group: '', version: 'v1', plural: 'secrets', namespaced: true, called }
  createGenerated(context, target, context.flags['append-hash'] === true ? withHash(object) : object)
}

const generic = defineCommand({
  use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a secret from a local file, directory, or literal value',
  flags: {
    ...generatorFlags,
    ...hash,
    'from-file': flag.list(
      'Key files can be specified using their file path, in which case a default name will be given to them.',
    ),
    'from-literal': flag.array('Specify a key and literal value to insert in secret (i.e. mykey=somevalue)'),
    'from-env-file': flag.list('Specify the path to a file to read lines of key=val pairs to create a secret.'),
    type: flag.text('The type of secret to create'),
  },
  run(context) {
    const { flags, host } = context
    oneName(context)
    const sources = { files: flags['from-file'], literals: flags['from-literal'], envFiles: flags['from-env-file'] }
    createSecret(context, flags.type, readSources(host, sources))
  },
})

const registryFlags = {
  ...generatorFlags,
  ...hash,
  'docker-server': flag.text('Server location for Docker registry', { default: 'https://index.docker.io/v1/' }),
  'docker-username': flag.text('Username for Docker registry authentication'),
  'docker-password': flag.text('Password for Docker registry authentication'),
  'docker-email': flag.text('Email for Docker registry'),
  'from-file': flag.list(
    'Key files can be specified using their file path, in which case a default name of .dockerconfigjson will be given to them.',
  ),
}

const dockerRegistry = defineCommand({
  use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  short: 'Create a secret for use with a Docker registry',
  flags: registryFlags,
  run(context) {
    const { flags, host } = context
    oneName(context)
    const type = 'kubernetes.io/dockerconfigjson'
    const files = flags['from-file']
    if (files.length > 0) {
      const data = readSources(host, { files, literals: [], envFiles: [] })
      return createSecret(context, type, new Map([...data].map(([, value]) => ['.dockerconfigjson', value])))
    }
    const { 'docker-username': username, 'docker-password': password, 'docker-email': email } = flags
    if (username === '' || password === '') {
      const wanted =
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required'
      throw new UsageError(wanted)
    }
    const auth = encodeBase64(`${username}:${password}`)
    const entry = { username, password, ...(email !== '' && { email }), auth }
    createSecret(
      context,
      type,
      new Map([['.dockerconfigjson', JSON.stringify({ auths: { [flags['docker-server']]: entry } })]]),
      'secret docker-registry',
    )
  },
})

const tls = defineCommand({
  use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  short: 'Create a TLS secret',
  flags: {
    ...generatorFlags,
    ...hash,
    cert: flag.text('Path to PEM encoded public key certificate.'),
    key: flag.text('Path to private key associated with given certificate.'),
  },
  run(context) {
    const { flags, host } = context
    oneName(context)
    if (flags.cert === '' || flags.key === '') throw new UsageError('key and cert must be specified')
    const read = (path: string): string => {
      const text = host.files.read(path)
      if (text === undefined) throw new UsageError(`Cannot read file ${path}, open ${path}: no such file or directory`)
      return text
    }
    const [cert, key] = [read(flags.cert), read(flags.key)]
    if (!/-----BEGIN [A-Z ]+-----/.test(cert))
      throw new UsageError('tls: failed to find any PEM data in certificate input')
    if (!/-----BEGIN [A-Z ]+-----/.test(key)) throw new UsageError('tls: failed to find any PEM data in key input')
    const data = new Map([
      ['tls.crt', cert],
      ['tls.key', key],
    ])
    createSecret(context, 'kubernetes.io/tls', data, 'secret')
  },
})

export const createSecretGroup = defineGroup({
  use: 'secret (docker-registry | generic | tls)',
  short: 'Create a secret using a specified subcommand',
  commands: [dockerRegistry, generic, tls],
})
