import type { ApiObject } from '../../../machinery/object.ts'
import { get, range } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { isOf, type KindRef } from '../objects.ts'
import { keyFor } from '../resources.ts'
import type { Attributes, Operation } from './chain.ts'

const changedBy = Object.freeze({ stage: 'mutating admission', verdict: 'asked' } as const)
const passedBy = Object.freeze({ stage: 'validating admission', verdict: 'allowed' } as const)

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
    warn: text => void call.warnings.push(text),
  }
}

/** Lets the mutating plugins change a draft, in their order. */
export function mutate(call: Call, draft: ApiObject, attributes: Attributes): void {
  const { mutating } = call.server.admission.for(attributes.operation, call.resource.name, attributes.subresource)
  for (const plugin of mutating) {
    plugin.mutate?.(draft, attributes)
    call.stages.push({ ...changedBy, by: plugin.name })
  }
}

/** Asks the validating plugins about what will be stored, in their order. */
export function validate(call: Call, object: ApiObject | undefined, attributes: Attributes): void {
  const { validating } = call.server.admission.for(attributes.operation, call.resource.name, attributes.subresource)
  for (const plugin of validating) {
    plugin.validate?.(object, attributes)
    call.stages.push({ ...passedBy, by: plugin.name })
  }
}
