import { nameColumn } from '../../../api/meta/columns.ts'
import type { Column } from '../../../machinery/kind.ts'
import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { type Answer, type Call, nameOf } from '../call.ts'

/** `componentstatuses`: deprecated since 1.19, and not worth much before (registry/core/componentstatus). */
const warning = 'v1 ComponentStatus is deprecated in v1.19+'
const names = ['controller-manager', 'etcd-0', 'scheduler']

/** What is answered: nobody stores it. */
export interface ComponentStatus extends ApiObject {
  conditions?: { type: string; status: string; message?: string; error?: string }[]
}

/** pkg/printers/internalversion, printComponentStatus. */
export const componentStatusColumns: readonly Column<ComponentStatus>[] = [
  nameColumn,
  { name: 'Status', cell: object => wordFor(healthOf(object)?.status) },
  { name: 'Message', cell: object => healthOf(object)?.message ?? '' },
  { name: 'Error', cell: object => healthOf(object)?.error ?? '' },
]

function healthOf({ conditions }: ComponentStatus): NonNullable<ComponentStatus['conditions']>[number] | undefined {
  return conditions?.find(({ type }) => type === 'Healthy')
}

function wordFor(status: string | undefined): string {
  if (status === undefined) return 'Unknown'
  return status === 'True' ? 'Healthy' : 'Unhealthy'
}

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
