import type { StageEvidence } from '../../../machinery/evidence.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { get, range } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { isOf, type KindRef } from '../objects.ts'
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
      if (entry) store({ ...call, resource: place }, entry.key, object, entry)
    },
    warn: text => void call.warnings.push(text),
  }
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
}

/** Where a request is when no plugin has it: decoding, defaulting and validation. */
export const inValidation: StageEvidence = Object.freeze({ stage: 'validation', verdict: 'invalid' })
