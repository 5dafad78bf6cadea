import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { attempt } from '../../../machinery/status.ts'
import type { Self } from '../../../sim/component.ts'
import { range } from '../../etcd/store.ts'
import { serve } from '../pipeline.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { cleanupFinalizer } from './cleanup-finalizer.ts'
import { nextStatus, setCondition } from './conditions.ts'
import { definitionKind, definitionsIn, instancesPrefix, isTrue } from './definitions.ts'

const loopback: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
const userAgent = 'kube-apiserver'
/** How long the finalizer waits before it looks again for instances that are not gone. */
const pollMs = 5_000

/**
 * The controllers of CustomResourceDefinitions, which run in the API server itself: names, conditions, and the deletion of
 * instances (apiextensions-apiserver/pkg/controller). Every step is a write, after which they are called again.
 */
export function syncDefinitions(server: Server, self: Self<ApiServerState>): void {
  const etcd = server.options.etcd()
  for (const { metadata } of definitionsIn(etcd)) {
    // The writes for one may change what holds for the next.
    const all = definitionsIn(etcd)
    const definition = all.find(other => other.metadata.name === metadata.name)
    if (!definition) continue
    const status = nextStatus(definition, all, self.now)
    if (status) write(server, self, { ...definition, status })
    else if (isLeaving(definition)) cleanUp(server, self, definition)
  }
}

function isLeaving({ metadata }: CustomResourceDefinition): boolean {
  return Boolean(metadata.deletionTimestamp) && Boolean(metadata.finalizers?.includes(cleanupFinalizer))
}

/** Deletes the instances and then lets the definition go: crd_finalizer.go. */
function cleanUp(server: Server, self: Self<ApiServerState>, definition: CustomResourceDefinition): void {
  if (!isTrue(definition, 'Established')) {
    finish(server, self, definition, 'NeverEstablished', 'resource was never established')
    return
  }
  const status = setCondition(
    definition,
    {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionInProgress',
      message: 'CustomResource deletion is in progress',
    },
    self.now,
  )
  const current = write(server, self, { ...definition, status }) ?? definition
  const prefix = instancesPrefix(definition)
  const etcd = server.options.etcd()
  deleteInstances(server, self, definition, prefix)
  if (range(etcd, prefix).length > 0) self.schedule(pollMs, 'definitions')
  else finish(server, self, current, 'InstanceDeletionCompleted', 'removed all instances')
}

function deleteInstances(
  server: Server,
  self: Self<ApiServerState>,
  { spec }: CustomResourceDefinition,
  prefix: string,
): void {
  const version = spec.versions.find(({ served }) => served)?.name ?? ''
  for (const { key } of range(server.options.etcd(), prefix)) {
    const parts = key.slice(prefix.length).split('/')
    const [namespace, name] = parts.length > 1 ? [parts[0], parts[1]] : [undefined, parts[0]]
    attempt(() =>
      serve(server, self, {
        ...{ verb: 'delete', group: spec.group, version, resource: spec.names.plural, user: loopback, userAgent },
        ...(name !== undefined && { name }),
        ...(namespace !== undefined && { namespace }),
      }),
    )
  }
}

function finish(
  server: Server,
  self: Self<ApiServerState>,
  definition: CustomResourceDefinition,
  reason: string,
  message: string,
): void {
  const status = setCondition(definition, { type: 'Terminating', status: 'False', reason, message }, self.now)
  const finalizers = (definition.metadata.finalizers ?? []).filter(name => name !== cleanupFinalizer)
  write(server, self, { ...definition, status, metadata: { ...definition.metadata, finalizers } })
}

/** Writes the status; undefined when somebody was quicker, and then all is looked at again. */
function write(
  server: Server,
  self: Self<ApiServerState>,
  body: CustomResourceDefinition,
): CustomResourceDefinition | undefined {
  const { group, version, plural: resource } = definitionKind
  const { name } = body.metadata
  const request = { verb: 'update', group, version, resource, subresource: 'status', name } as const
  let written: CustomResourceDefinition | undefined
  attempt(() => {
    const response = serve(server, self, { ...request, body, user: loopback, userAgent })
    const found = definitionsIn(server.options.etcd()).find(({ metadata }) => metadata.name === name)
    if (response.code === 200) written = found
  })
  return written
}
