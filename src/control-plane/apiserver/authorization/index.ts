import { type Authorizer, privilegedGroup, union } from './authorizer.ts'
import { node } from './node.ts'
import { rbac } from './rbac.ts'

/** `--authorization-mode=Node,RBAC`, as kubeadm sets it; system:masters are asked for first (kubeapiserver/authorizer). */
export const nodeAndRbac: Authorizer = union([privilegedGroup, node, rbac])
