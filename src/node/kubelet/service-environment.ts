import type { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { getCached, listIndexed, startInformer } from '../../client/informer.ts'
import { attempt } from '../../machinery/status.ts'
import type { Kubelet } from './context.ts'
import { isStatic } from './phase.ts'

/**
 * Variables that name the Services of the Pod's namespace, and the API server's whichever the namespace. Models
 * pkg/kubelet/envvars/envvars.go.
 */
export function serviceEnvironment(kubelet: Kubelet, pod: Pod): Record<string, string> {
  const { state } = kubelet
  const { namespace = 'default' } = pod.metadata
  if (!haveServices(kubelet, pod)) return {}
  const env: Record<string, string> = {}
  const master = getCached(state.services, Service, 'default/kubernetes')
  if (master) Object.assign(env, variablesOf(master))
  if (pod.spec.enableServiceLinks === false) return env
  for (const service of listIndexed(state.services, Service, 'namespace', namespace)) {
    Object.assign(env, variablesOf(service))
  }
  return env
}

/**
 * Services are watched from the first time that they matter. A static Pod does not wait for an API server: it may be the
 * one that it would wait for. Throws ApiError for others when Services cannot be read.
 */
function haveServices({ state, api, self }: Kubelet, pod: Pod): boolean {
  if (state.services.synced) return true
  const start = (): void => startInformer(state.services, Service, api, self.name, () => undefined)
  if (isStatic(pod)) return attempt(start) === undefined
  start()
  return true
}

const known = new WeakMap<Service, Readonly<Record<string, string>>>()

/** Remembered by the Service, which is frozen: every container of a namespace gets them. */
function variablesOf(service: Service): Readonly<Record<string, string>> {
  let variables = known.get(service)
  if (!variables) known.set(service, (variables = Object.freeze(describe(service))))
  return variables
}

function describe({ metadata, spec }: Service): Record<string, string> {
  const env: Record<string, string> = {}
  const { clusterIP: ip, ports = [] } = spec
  const [first] = ports
  if (ip === undefined || ip === '' || ip === 'None' || !first) return env
  const prefix = variableName(metadata.name)
  env[`${prefix}_SERVICE_HOST`] = ip
  env[`${prefix}_SERVICE_PORT`] = String(first.port)
  for (const { name, port } of ports) {
    if (name) env[`${prefix}_SERVICE_PORT_${variableName(name)}`] = String(port)
  }
  env[`${prefix}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${ip}:${first.port}`
  for (const { port, protocol = 'TCP' } of ports) {
    const one = `${prefix}_PORT_${port}_${protocol}`
    env[one] = `${protocol.toLowerCase()}://${ip}:${port}`
    env[`${one}_PROTO`] = protocol.toLowerCase()
    env[`${one}_PORT`] = String(port)
    env[`${one}_ADDR`] = ip
  }
  return env
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}
