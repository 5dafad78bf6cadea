import { deepFreeze } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { type Answer, type Call, nameOf } from '../call.ts'

/** `componentstatuses`: deprecated since 1.19, and not worth much before (registry/core/componentstatus). */
const warning = 'v1 ComponentStatus is deprecated in v1.19+'
const names = ['controller-manager', 'etcd-0', 'scheduler']

export function listComponentStatuses(call: Call): Answer {
  call.warnings.push(warning)
  const items = names.map(name => statusOf(call, name))
  return { code: 200, body: deepFreeze({ kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items }) }
}

export function getComponentStatus(call: Call): Answer {
  call.warnings.push(warning)
  const name = nameOf(call)
  if (!names.includes(name)) throw notFound(call.resource.kind, name)
  return { code: 200, body: deepFreeze(statusOf(call, name)) }
}

function statusOf({ server }: Call, name: string): object {
  const failure = name === 'etcd-0' ? server.options.etcdFailure?.() : undefined
  const healthy = { type: 'Healthy', status: 'True', message: 'ok' }
  const unhealthy = { type: 'Healthy', status: 'False', error: failure }
  const conditions = [failure === undefined ? healthy : unhealthy]
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name }, conditions }
}
