import type { Kind } from '../../machinery/kind.ts'
import type { EtcdState } from '../etcd/store.ts'
import type { AdmissionChain, AdmissionPlugin } from './admission/chain.ts'
import type { ApiServices } from './aggregation/api-services.ts'
import type { AggregatedDoor } from './aggregation/door.ts'
import type { AuthenticationOptions } from './authentication/credentials.ts'
import type { Authorizer } from './authorization/authorizer.ts'
import type { Schema } from '../../machinery/schema.ts'
import type { Decoder } from './decoder.ts'
import type { KubeletDoor } from './kubelet-door.ts'
import type { Conversion, ResourceTable } from './resources.ts'

/** What an API server is made of. */
export interface ApiServerOptions {
  readonly kinds: readonly Kind[]
  readonly schema: Schema
  /** Admission plugins in their order. Default: admission/index.ts. */
  readonly admission?: readonly AdmissionPlugin[]
  /** Default: Node,RBAC, as kubeadm sets it. */
  readonly authorizer?: Authorizer
  /** How the sender of an HTTP request is found out. */
  readonly authentication?: AuthenticationOptions
  readonly conversions?: readonly Conversion[]
  readonly etcd: () => EtcdState
  /** etcd's words when it has no quorum, or undefined when it can be reached. */
  readonly etcdFailure?: () => string | undefined
  /** Whether a watcher's component is still there. */
  readonly isAlive?: (component: string) => boolean
  /** Reaches the servers of APIServices. */
  readonly aggregated?: AggregatedDoor
  /** Reaches kubelets for logs and exec. */
  readonly kubelet?: KubeletDoor
  /** The address of a component's machine, or of those whom no component sends: for the audit log. */
  readonly addressOf?: (component: string | undefined) => string
  /** Address that the `kubernetes` Service points to. */
  readonly advertiseAddress?: string
  /** Its port there. Default: 6443. */
  readonly securePort?: number
}

/** The parts that requests share. */
export interface Server {
  readonly options: ApiServerOptions
  readonly resources: ResourceTable
  readonly apiServices: ApiServices
  readonly admission: AdmissionChain
  readonly authorizer: Authorizer
  readonly decoder: Decoder
}
