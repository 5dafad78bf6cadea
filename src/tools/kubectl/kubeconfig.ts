import { parseDocument } from 'yaml'
import { decodeBase64 } from '../../api/meta/base64.ts'
import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import { quote } from '../../machinery/go-text.ts'
import { PlainError, UsageError } from './errors.ts'
import { type Endpoint, type Files, type Host, shown } from './host.ts'
import { writeYaml } from './printers/yaml.ts'
import { fields, objectsAt, textAt } from './unstructured.ts'
import { rootHome } from '../../shell/home.ts'

export interface Kubeconfig {
  readonly path: string
  readonly content: JsonObject
}

export const emptyConfig: JsonObject = {
  apiVersion: 'v1',
  clusters: null,
  contexts: null,
  'current-context': '',
  kind: 'Config',
  users: null,
}

/** What the command line puts over a kubeconfig. */
export interface Overrides {
  readonly kubeconfig: string
  readonly context: string
  readonly cluster: string
  readonly user: string
  readonly server: string
  readonly token: string
  readonly namespace: string
  /** `--request-timeout`. */
  readonly timeout?: string
}

/** Reads the kubeconfig of `--kubeconfig`, $KUBECONFIG or the home folder. */
export function readKubeconfig({ files, env }: Host, given: string): Kubeconfig {
  const fromEnvironment = (env.KUBECONFIG ?? '').split(':').find(path => path !== '')
  const path = given || fromEnvironment || `${env.HOME ?? rootHome}/.kube/config`
  const text = files.read(path)
  if (text === undefined) {
    if (given !== '') throw new UsageError(`stat ${given}: no such file or directory`)
    return { path, content: emptyConfig }
  }
  const value: unknown = parseDocument(text, { logLevel: 'silent' }).toJS()
  return { path, content: isObject(value) ? value : emptyConfig }
}

export function writeKubeconfig({ files }: Host, { path }: Kubeconfig, content: JsonObject): void {
  files.write(path, writeYaml(content))
}

/** The entry of a list of named entries (`clusters`, `contexts`, `users`), or undefined. */
export function entryOf(
  content: JsonObject,
  list: 'clusters' | 'contexts' | 'users',
  name: string,
): JsonObject | undefined {
  const member = { clusters: 'cluster', contexts: 'context', users: 'user' }[list]
  const found = objectsAt(content, list).find(entry => textAt(entry, 'name') === name)
  return found && fields(found[member])
}

/** The context in force. */
export function currentContext({ content }: Kubeconfig, { context }: Overrides): JsonObject {
  const name = context || textAt(content, 'current-context')
  const found = entryOf(content, 'contexts', name)
  if (!found && context !== '') {
    throw new PlainError(`Error in configuration: context was not found for specified context: ${context}`)
  }
  return found ?? {}
}

/** Where requests go, and as whom. */
export function endpointOf(config: Kubeconfig, overrides: Overrides, files: Files): Endpoint {
  const context = currentContext(config, overrides)
  const cluster = overrides.cluster || textAt(context, 'cluster')
  const user = overrides.user || textAt(context, 'user')
  const found = entryOf(config.content, 'clusters', cluster)
  const userEntry = entryOf(config.content, 'users', user)
  if (overrides.user !== '' && !userEntry) throw new UsageError(`auth info ${quote(user)} does not exist`)
  if (overrides.cluster !== '' && !found) throw new UsageError(`no server found for cluster ${quote(cluster)}`)
  const read = (name: string): string => fileOf(files, config.path, textAt(userEntry, name))
  const token = overrides.token || textAt(userEntry, 'token') || read('tokenFile').trim()
  const client = {
    certificate: decodeBase64(textAt(userEntry, 'client-certificate-data')) || read('client-certificate'),
    key: decodeBase64(textAt(userEntry, 'client-key-data')) || read('client-key'),
  }
  const server = overrides.server || textAt(found, 'server') || 'http://localhost:8080'
  return { server, user, ...(token && { token }), ...(client.certificate && { client }) }
}

/** How requests say who sends them. */
export function credentialsOf({ token, client }: Endpoint): Record<string, string> {
  return {
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(client && { [shown.certificate]: client.certificate, [shown.key]: client.key }),
  }
}

/** The text of a file that a kubeconfig names: its path counts from where the kubeconfig is. */
function fileOf(files: Files, config: string, path: string): string {
  if (path === '') return ''
  const from = path.startsWith('/') ? '' : config.slice(0, config.lastIndexOf('/') + 1)
  return files.read(from + path) ?? ''
}
