import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import type { EtcdState } from '../../etcd/store.ts'
import { nodeRules } from '../bootstrap-policy/node-rules.ts'
import { type Access, exactMatch, nameIn, namespaceOf, type Verdict } from './access.ts'
import type { Authorizer } from './authorizer.ts'
import { isRelated, type Related } from './node-graph.ts'
import { nodeNameOf } from './node-identity.ts'
import { rulesAllow } from './rule-match.ts'

const by = 'Node'
const allow: Verdict = Object.freeze({ allowed: true, reason: '', by })
const pass: Verdict = Object.freeze({ allowed: false, reason: '', by })

/** Lets kubelets do what their own node and its Pods need, and no more. Models plugin/pkg/auth/authorizer/node. */
export const node: Authorizer = {
  authorize(access, etcd) {
    const name = nodeNameOf(access.user)
    if (name === undefined) return pass
    if (name === '') return no(`unknown node for user "${access.user.name}"`)
    const own = access.path === undefined ? subdivided[resourceOf(access)] : undefined
    return own ? own(access, name, etcd) : byRules(nodeRules, access)
  },

  rulesFor(user) {
    const isNode = nodeNameOf(user) !== undefined
    const error = isNode ? 'node authorizer does not support user rule resolution' : undefined
    return { rules: [], incomplete: isNode, error }
  },
}

function no(reason: string): Verdict {
  return { allowed: false, reason, by }
}

function byRules(rules: readonly PolicyRule[], access: Access): Verdict {
  return rulesAllow(rules, access) ? allow : pass
}

function resourceOf({ group, resource }: Access): string {
  return group ? `${resource}.${group}` : resource
}

type Check = (access: Access, node: string, etcd: EtcdState) => Verdict

/** Resources of which a node may touch those only that concern it. */
const subdivided: Readonly<Record<string, Check>> = {
  secrets: read('secrets'),
  configmaps: read('configmaps'),
  persistentvolumeclaims: (access, name, etcd) =>
    access.subresource === 'status'
      ? writeStatus(access, name, etcd)
      : getOne('persistentvolumeclaims')(access, name, etcd),
  persistentvolumes: getOne('persistentvolumes'),
  serviceaccounts: createToken,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': csiNodes,
  nodes,
  pods,
}

function related(what: Related, access: Access, name: string, etcd: EtcdState): Verdict {
  const wanted = nameIn(access)
  if (wanted === '') return no('No Object name found')
  if (isRelated(etcd, name, what, namespaceOf(access), wanted)) return allow
  return no(`no relationship found between node '${name}' and this object`)
}

function read(what: Related): Check {
  return (access, name, etcd) => {
    if (!['get', 'list', 'watch'].includes(access.verb)) return no('can only read resources of this type')
    if (access.subresource) return no('cannot read subresource')
    if (!access.namespace) return no('can only read namespaced object of this type')
    return related(what, access, name, etcd)
  }
}

function getOne(what: Related): Check {
  return (access, name, etcd) => {
    if (access.verb !== 'get') return no('can only get individual resources of this type')
    if (access.subresource) return no('cannot get subresource')
    return related(what, access, name, etcd)
  }
}

function writeStatus(access: Access, name: string, etcd: EtcdState): Verdict {
  if (access.verb !== 'update' && access.verb !== 'patch') return no('can only get/update/patch this type')
  return related('persistentvolumeclaims', access, name, etcd)
}

function createToken(access: Access, name: string, etcd: EtcdState): Verdict {
  if (access.verb !== 'create' || !access.name) return no('can only create tokens for individual service accounts')
  if (access.subresource !== 'token') return no('can only create token subresource of serviceaccount')
  return related('serviceaccounts', access, name, etcd)
}

const writes = ['get', 'create', 'update', 'patch', 'delete']

function leases(access: Access, name: string): Verdict {
  if (!writes.includes(access.verb)) return no('can only get, create, update, patch, or delete a node lease')
  if (access.namespace !== 'kube-node-lease') {
    return no('can only access leases in the "kube-node-lease" system namespace')
  }
  // Whose lease a new one is, admission sees (NodeRestriction).
  if (access.verb === 'create' || access.name === name) return allow
  return no('can only access node lease with the same name as the requesting node')
}

function csiNodes(access: Access, name: string): Verdict {
  if (!writes.includes(access.verb)) return no('can only get, create, update, patch, or delete a CSINode')
  if (access.subresource) return no('cannot authorize CSINode subresources')
  if (access.verb === 'create' || access.name === name) return allow
  return no('can only access CSINode with the same name as the requesting node')
}

function nodes(access: Access, name: string): Verdict {
  const { verb, subresource } = access
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : pass
  if (subresource) return pass
  if (verb === 'create' || verb === 'update' || verb === 'patch') return allow
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return pass
  const wanted = nameIn(access)
  if (wanted === name) return allow
  if (wanted === '') return no(`node '${name}' cannot read all nodes, only its own Node object`)
  return no(`node '${name}' cannot read '${wanted}', only its own Node object`)
}

function pods(access: Access, name: string, etcd: EtcdState): Verdict {
  const { verb, subresource, options } = access
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : pass
  if (subresource === 'eviction') return verb === 'create' ? allow : pass
  if (subresource) return pass
  if (verb === 'create' || verb === 'delete') return allow
  if (verb === 'get') return getOne('pods')(access, name, etcd)
  if (verb !== 'list' && verb !== 'watch') return pass
  if (options?.fieldSelector && exactMatch(options.fieldSelector, 'spec.nodeName') === name) return allow
  if (nameIn(access) !== '') return related('pods', access, name, etcd)
  return no('can only list/watch pods with spec.nodeName field selector')
}
