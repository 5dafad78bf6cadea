import type { StageEvidence } from '../../../machinery/evidence.ts'
import type { AccessAnswer, AccessQuestion } from '../../../machinery/cel/library/authorizer.ts'
import { isObject } from '../../../machinery/json-value.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { merge } from '../../../machinery/structured-merge/merge.ts'
import { get, range, revisionOf } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { atomOf } from '../managed-fields/manager-of-resource.ts'
import { statusByServer } from '../managed-fields/note.ts'
import { inVersion, isOf, type KindRef, storedObject } from '../objects.ts'
import { store } from '../registry/store-object.ts'
import { keyFor } from '../resources.ts'
import type { Attributes, Operation } from './chain.ts'

/** What plugins are told of a request. Made once a request. */
export function attributesOf(call: Call, operation: Operation, name: string, old: ApiObject | undefined): Attributes {
  const { self, request, options, resource, namespace, etcd, server } = call
  return {
    operation,
    kind: resource.kind,
    subresource: request.subresource ?? '',
    namespace,
    name,
    old,
    user: request.user,
    options,
    isDryRun: options.dryRun ?? false,
    now: self.now,
    random: () => self.random(),
    find<T extends ApiObject>(kind: KindRef<T>, wanted: string, inNamespace?: string): T | undefined {
      const place = server.resources.find(kind.group, kind.version, kind.plural)
      const value = place && get(etcd, keyFor(place, inNamespace, wanted))?.value
      return isOf(kind, value) ? value : undefined
    },
    list<T extends ApiObject>(kind: KindRef<T>, inNamespace?: string): T[] {
      const place = server.resources.find(kind.group, kind.version, kind.plural)
      if (!place) return []
      const prefix = inNamespace ? `${place.prefix}${inNamespace}/` : place.prefix
      return range(etcd, prefix)
        .map(({ value }) => value)
        .filter(value => isOf(kind, value))
    },
    save<T extends ApiObject>(kind: KindRef<T>, object: T): void {
      const place = server.resources.find(kind.group, kind.version, kind.plural)
      const entry = place && get(etcd, keyFor(place, object.metadata.namespace, object.metadata.name))
      if (entry) store({ ...call, resource: place, note: statusByServer }, entry.key, object, entry)
    },
    etcd,
    revisionOf(kind) {
      const place = server.resources.find(kind.group, kind.version, kind.plural)
      return place ? revisionOf(etcd, place.prefix) : 0
    },
    read: (apiVersion, kind, inNamespace) => read(call, apiVersion, kind, inNamespace),
    ask: question => ask(call, question),
    merge: (object, configuration) => mergeInto(call, object, configuration),
    annotate(key, note) {
      if (self.state.audit) (call.annotations ??= {})[key] = note()
    },
    warn: text => void call.warnings.push(text),
  }
}

function read({ etcd, server }: Call, apiVersion: string, kind: string, namespace?: string): ApiObject[] | undefined {
  const place = server.resources.findKind(apiVersion, kind)
  if (!place) return undefined
  const prefix = place.kind.namespaced && namespace !== undefined ? `${place.prefix}${namespace}/` : place.prefix
  return range(etcd, prefix).map(entry => inVersion(place, storedObject(entry)))
}

function ask({ etcd, request, server }: Call, question: AccessQuestion): AccessAnswer {
  const { serviceAccount, group = '', resource = '', ...rest } = question
  const user = serviceAccount ? accountUser(serviceAccount.namespace, serviceAccount.name) : request.user
  const { allowed, reason } = server.authorizer.authorize({ user, group, resource, ...rest }, etcd)
  return { allowed, reason }
}

function accountUser(namespace: string, name: string): UserInfo {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
  return { name: `system:serviceaccount:${namespace}:${name}`, groups }
}

function mergeInto(
  { resource, server }: Call,
  object: ApiObject,
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> | string {
  const { apiVersion, kind } = object
  const merged = merge(atomOf(server, resource.kind), object, { ...configuration, apiVersion, kind })
  return isObject(merged) ? merged : 'the configuration is no object'
}

/** Lets the mutating plugins change a draft, in their order. */
export function mutate(call: Call, draft: ApiObject, attributes: Attributes): void {
  const chain = call.server.admission.for(attributes.operation, call.resource.name, attributes.subresource)
  for (const { plugin, denied, passed } of chain.mutating) {
    call.at = denied
    plugin.mutate?.(draft, attributes)
    call.stages.push(passed)
  }
  call.at = inValidation
}

/** Asks the validating plugins about what will be stored, in their order. */
export function validate(call: Call, object: ApiObject | undefined, attributes: Attributes): void {
  const chain = call.server.admission.for(attributes.operation, call.resource.name, attributes.subresource)
  for (const { plugin, denied, passed } of chain.validating) {
    call.at = denied
    plugin.validate?.(object, attributes)
    call.stages.push(passed)
  }
  call.at = inStorage
}

/** Where a request is when no plugin has it: decoding, defaulting and validation. */
export const inValidation: StageEvidence = Object.freeze({ stage: 'validation', verdict: 'invalid' })

/** Where it is when all of them have let it through. */
const inStorage: StageEvidence = Object.freeze({ stage: 'storage', verdict: 'failed' })
