/** The group of the token that machines join with. */
const joining = 'system:bootstrappers:kubeadm:default-node-token'
const nodes = 'system:nodes'

/** What admin.conf's group may do: uploaded by super-admin.conf (phases/kubeconfig, EnsureAdminClusterRoleBinding). */
export const adminBinding = clusterBinding('kubeadm:cluster-admins', 'cluster-admin', 'kubeadm:cluster-admins')

/** Roles that let machines join: phases/bootstraptoken, phases/uploadconfig and phases/kubelet. */
export const kubeadmRoles = [
  reader('kube-system', 'kubeadm:nodes-kubeadm-config', 'kubeadm-config', [group(joining), group(nodes)]),
  reader('kube-system', 'kubeadm:kubelet-config', 'kubelet-config', [group(nodes), group(joining)]),
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: kubeadm:get-nodes
rules:
- apiGroups: [""]
  resources: [nodes]
  verbs: [get]
`,
  clusterBinding('kubeadm:get-nodes', 'kubeadm:get-nodes', joining),
  clusterBinding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', joining),
  clusterBinding('kubeadm:node-autoapprove-bootstrap', client('nodeclient'), joining),
  clusterBinding('kubeadm:node-autoapprove-certificate-rotation', client('selfnodeclient'), nodes),
  reader('kube-public', 'kubeadm:bootstrap-signer-clusterinfo', 'cluster-info', [
    '{apiGroup: rbac.authorization.k8s.io, kind: User, name: system:anonymous}',
  ]),
].join('---\n')

function client(what: string): string {
  return `system:certificates.k8s.io:certificatesigningrequests:${what}`
}

function group(name: string): string {
  return `{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "${name}"}`
}

function clusterBinding(name: string, role: string, subject: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${name}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "${role}"}
subjects:
- ${group(subject)}
`
}

/** Lets somebody read one ConfigMap. */
function reader(namespace: string, name: string, configMap: string, subjects: readonly string[]): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: "${name}", namespace: ${namespace}}
rules:
- {apiGroups: [""], resourceNames: [${configMap}], resources: [configmaps], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: "${name}", namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: "${name}"}
subjects:
${subjects.map(subject => `- ${subject}\n`).join('')}`
}
