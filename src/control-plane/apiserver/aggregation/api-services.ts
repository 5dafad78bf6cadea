import type { APIService } from '../../../api/generated/apiregistration.v1.ts'
import type { EndpointSlice } from '../../../api/generated/discovery.v1.ts'
import { type EtcdState, range, revisionOf } from '../../etcd/store.ts'
import { endpointSlices } from '../known.ts'
import { isOf, type KindRef, storedObject } from '../objects.ts'

export const apiServicesPrefix = '/registry/apiregistration.k8s.io/apiservices/'
export const servicesPrefix = '/registry/services/specs/'
export const slicesPrefix = '/registry/endpointslices/'

export const apiServiceKind: KindRef<APIService> = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  plural: 'apiservices',
}

/** The APIServices in etcd, read again when one of them has changed. */
export class ApiServices {
  private at: { readonly etcd: EtcdState; readonly revision: number } | undefined
  private found: readonly APIService[] = []

  constructor(private readonly etcd: () => EtcdState) {}

  all(): readonly APIService[] {
    const etcd = this.etcd()
    const revision = revisionOf(etcd, apiServicesPrefix)
    if (this.at?.etcd === etcd && this.at.revision === revision) return this.found
    this.at = { etcd, revision }
    this.found = range(etcd, apiServicesPrefix).flatMap(entry => {
      const object = storedObject(entry)
      return isOf(apiServiceKind, object) ? [object] : []
    })
    return this.found
  }

  /** Who serves a group and version, if it is another server. */
  remote(group: string, version: string): APIService | undefined {
    return this.all().find(({ spec }) => spec.service && spec.group === group && spec.version === version)
  }

  hasRemote(): boolean {
    return this.all().some(({ spec }) => spec.service !== undefined)
  }
}

export function isAvailable({ status }: APIService): boolean {
  return (status.conditions ?? []).some(({ type, status: value }) => type === 'Available' && value === 'True')
}

export function slicesOf(etcd: EtcdState, namespace: string, service: string): EndpointSlice[] {
  return range(etcd, `${slicesPrefix}${namespace}/`).flatMap(entry => {
    const slice = storedObject(entry)
    if (!isOf(endpointSlices, slice)) return []
    return slice.metadata.labels?.['kubernetes.io/service-name'] === service ? [slice] : []
  })
}
