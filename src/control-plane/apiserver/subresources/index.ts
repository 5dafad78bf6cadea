import type { Verb } from '../../../machinery/rest.ts'
import type { Answer, Call } from '../call.ts'
import type { Resource } from '../resources.ts'
import { bindPod } from './binding.ts'
import { evictPod } from './eviction.ts'
import { finalizeNamespace } from './finalize.ts'
import { readLog } from './log.ts'
import { getScale, patchScale, updateScale } from './scale.ts'
import { requestToken } from './token.ts'
import { getWhole, patchWhole, updateWhole } from './whole.ts'

/** What a subresource answers, by verb. */
export type SubresourceHandlers = Partial<Record<Verb, (call: Call) => Answer>>

const whole: SubresourceHandlers = { get: getWhole, update: updateWhole, patch: patchWhole }
const scale: SubresourceHandlers = { get: getScale, update: updateScale, patch: patchScale }

/** Subresources of their own resource: `pods/binding`. */
const special: Readonly<Record<string, SubresourceHandlers>> = {
  'pods/binding': { create: bindPod },
  'pods/eviction': { create: evictPod },
  'certificatesigningrequests.certificates.k8s.io/approval': whole,
  'pods/ephemeralcontainers': whole,
  'pods/resize': whole,
  'pods/log': { get: readLog },
  'serviceaccounts/token': { create: requestToken },
  'namespaces/finalize': { update: finalizeNamespace },
}

export const subresources = {
  find(resource: Resource, name: string): SubresourceHandlers | undefined {
    const own = special[`${resource.name}/${name}`]
    if (own) return own
    if (!resource.subresources.has(name)) return undefined
    if (name === 'status') return whole
    return name === 'scale' && resource.kind.scale ? scale : undefined
  },
}
