import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { encodeBase64 } from '../../../../machinery/base64.ts'
import { type Context, defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { entryOf } from '../../kubeconfig.ts'
import { textAt } from '../../unstructured.ts'
import { onlyArgument } from './change.ts'
import { save, withEntry } from './entries.ts'

// Writing whole entries: kubectl/pkg/cmd/config/set_context.go and its neighbours.

export const setContext = defineCommand({
  use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  short: 'Set a context entry in kubeconfig',
  flags: {
    cluster: flag.text('cluster for the context entry in kubeconfig'),
    current: flag.bool('Modify the current context'),
    namespace: flag.text('namespace for the context entry in kubeconfig', { short: 'n' }),
    user: flag.text('user for the context entry in kubeconfig'),
  },
  run(context) {
    const { args, config, flags } = context
    if (flags.current && args.length > 0) throw new UsageError('you cannot specify both a context name and --current')
    const { content } = config
    const name = flags.current ? textAt(content, 'current-context') : onlyArgument(context)
    if (name === '') throw new UsageError('no current context is set')
    const before = entryOf(content, 'contexts', name)
    const after = { ...before, ...given(context, ['cluster', 'namespace', 'user']) }
    const done = before ? 'modified' : 'created'
    save(context, withEntry(content, 'contexts', name, after), `Context ${quote(name)} ${done}.\n`)
  },
})

export const setCluster = defineCommand({
  use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  short: 'Set a cluster entry in kubeconfig',
  flags: {
    'certificate-authority': flag.text('Path to certificate-authority file for the cluster entry in kubeconfig'),
    'embed-certs': flag.bool('embed-certs for the cluster entry in kubeconfig'),
    'insecure-skip-tls-verify': flag.bool('insecure-skip-tls-verify for the cluster entry in kubeconfig'),
    'proxy-url': flag.text('proxy-url for the cluster entry in kubeconfig'),
    server: flag.text('server for the cluster entry in kubeconfig'),
    'tls-server-name': flag.text('tls-server-name for the cluster entry in kubeconfig'),
  },
  run(context) {
    const name = onlyArgument(context)
    const { content } = context.config
    const before = withoutInsecurity(context, entryOf(content, 'clusters', name) ?? {})
    const after = {
      ...before,
      ...given(context, ['server', 'tls-server-name', 'proxy-url']),
      ...file(context, 'certificate-authority'),
      ...(context.flags['insecure-skip-tls-verify'] && { 'insecure-skip-tls-verify': true }),
    }
    save(context, withEntry(content, 'clusters', name, after), `Cluster ${quote(name)} set.\n`)
  },
})

/** Whoever names a server again has it verified again, unless they say otherwise. */
function withoutInsecurity({ isSet }: Context, cluster: JsonObject): JsonObject {
  if (!isSet('server') && !isSet('insecure-skip-tls-verify') && !isSet('certificate-authority')) return cluster
  const { 'insecure-skip-tls-verify': _, ...others } = cluster
  return others
}

export const setCredentials = defineCommand({
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  short: 'Set a user entry in kubeconfig',
  flags: {
    'client-certificate': flag.text('Path to client-certificate file for the user entry in kubeconfig'),
    'client-key': flag.text('Path to client-key file for the user entry in kubeconfig'),
    'embed-certs': flag.bool('Embed client cert/key for the user entry in kubeconfig'),
    'auth-provider': flag.text('Auth provider for the user entry in kubeconfig'),
    'auth-provider-arg': flag.list("'key=value' arguments for the auth provider"),
    'exec-api-version': flag.text('API version of the exec credential plugin for the user entry in kubeconfig'),
    'exec-arg': flag.list('New arguments for the exec credential plugin command for the user entry in kubeconfig'),
    'exec-command': flag.text('Command for the exec credential plugin for the user entry in kubeconfig'),
    'exec-env': flag.array("'key=value' environment values for the exec credential plugin"),
    'exec-interactive-mode': flag.text(
      'InteractiveMode of the exec credentials plugin for the user entry in kubeconfig',
    ),
    'exec-provide-cluster-info': flag.bool(
      'ProvideClusterInfo of the exec credentials plugin for the user entry in kubeconfig',
    ),
    password: flag.text('password for the user entry in kubeconfig'),
    token: flag.text('token for the user entry in kubeconfig'),
    username: flag.text('username for the user entry in kubeconfig'),
  },
  run(context) {
    const name = onlyArgument(context)
    const { flags, config, isSet } = context
    if (flags.token !== '' && (flags.username !== '' || flags.password !== '')) {
      throw new UsageError(
        'you cannot specify more than one authentication method at the same time: --token, --username/--password',
      )
    }
    const before = entryOf(config.content, 'users', name) ?? {}
    const isBasic = isSet('username') || isSet('password')
    const replaced = isSet('token') ? ['username', 'password'] : isBasic ? ['token'] : []
    const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !replaced.includes(key)))
    const after = {
      ...kept,
      ...given(context, ['token', 'username', 'password']),
      ...file(context, 'client-certificate'),
      ...file(context, 'client-key'),
      ...execOf(context),
    }
    save(context, withEntry(config.content, 'users', name, after), `User ${quote(name)} set.\n`)
  },
})

/** The program that fetches credentials, and what it is called with. */
function execOf({ flags, isSet }: Context): JsonObject {
  if (!isSet('exec-command')) return {}
  const args = Array.isArray(flags['exec-arg']) ? flags['exec-arg'] : []
  const env = (Array.isArray(flags['exec-env']) ? flags['exec-env'] : []).map(pair => {
    const [name, ...value] = String(pair).split('=')
    return { name, value: value.join('=') }
  })
  const exec = {
    apiVersion: String(flags['exec-api-version']),
    args: args.length > 0 ? args : null,
    command: flags['exec-command'],
    env: env.length > 0 ? env : null,
    interactiveMode: String(flags['exec-interactive-mode']) || 'IfAvailable',
    provideClusterInfo: flags['exec-provide-cluster-info'],
  }
  return { exec }
}

/** Flags that were set, as members; an empty value takes nothing away that was not there. */
function given({ flags, isSet }: Context, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter(isSet).map(name => [name, flags[name]]))
}

/** The path of a file, or with `--embed-certs` its content. */
function file({ flags, host, isSet, config }: Context, name: string): JsonObject {
  if (!isSet(name)) return {}
  const path = String(flags[name])
  if (flags['embed-certs'] !== true) {
    const home = config.path.includes('/.kube/') ? config.path.slice(0, config.path.indexOf('/.kube/')) : ''
    return { [name]: path.startsWith('/') ? path : `${host.env.PWD ?? home}/${path}` }
  }
  const text = host.files.read(path)
  if (text === undefined)
    throw new UsageError(`could not stat ${name} file ${path}: stat ${path}: no such file or directory`)
  return { [`${name}-data`]: encodeBase64(text) }
}
