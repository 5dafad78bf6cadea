/**
 * What Calico's three accounts may do, as far as its programs here do it: the API of Kubernetes, and the custom resources
 * of crd.projectcalico.org in one rule a verb list. Modelled on projectcalico/calico manifests/calico.yaml, v3.31.
 */
export const calicoRoles = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: calico-cni-plugin
  namespace: kube-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: calico-kube-controllers
rules:
- {apiGroups: [""], resources: [nodes, pods, namespaces], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [services, services/status], verbs: [get, list, update, watch]}
- {apiGroups: [crd.projectcalico.org], resources: [ipreservations, ippools], verbs: [list, watch]}
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, ipamblocks, ipamhandles, ipamconfigs, tiers, hostendpoints]
  verbs: [get, list, create, update, delete, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [clusterinformations, kubecontrollersconfigurations]
  verbs: [get, list, create, update, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: calico-node
rules:
- {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [calico-cni-plugin], verbs: [create]}
- {apiGroups: [""], resources: [pods, nodes, namespaces], verbs: [get]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [watch, list]}
- {apiGroups: [""], resources: [endpoints, services], verbs: [watch, list, get]}
- {apiGroups: [""], resources: [configmaps], verbs: [get]}
- {apiGroups: [""], resources: [nodes/status], verbs: [patch, update]}
- {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [watch, list]}
- {apiGroups: [""], resources: [pods, namespaces, serviceaccounts], verbs: [list, watch]}
- {apiGroups: [""], resources: [pods/status], verbs: [patch]}
- apiGroups: [crd.projectcalico.org]
  resources: [bgpconfigurations, bgppeers, blockaffinities, clusterinformations, felixconfigurations, globalnetworkpolicies,
    globalnetworksets, hostendpoints, ipamblocks, ippools, ipreservations, networkpolicies, networksets, tiers]
  verbs: [get, list, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [bgpconfigurations, bgppeers, clusterinformations, felixconfigurations, ippools]
  verbs: [create, update]
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, ipamblocks, ipamhandles]
  verbs: [get, list, create, update, delete]
- {apiGroups: [crd.projectcalico.org], resources: [ipamconfigs], verbs: [get, create]}
- {apiGroups: [apps], resources: [daemonsets], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: calico-cni-plugin
rules:
- {apiGroups: [""], resources: [pods, nodes, namespaces], verbs: [get]}
- {apiGroups: [""], resources: [pods/status], verbs: [patch]}
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, clusterinformations, ipamblocks, ipamconfigs, ipamhandles, ippools, ipreservations]
  verbs: [get, list, create, update, delete]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: calico-kube-controllers
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: calico-kube-controllers}
subjects:
- {kind: ServiceAccount, name: calico-kube-controllers, namespace: kube-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: calico-node
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: calico-node}
subjects:
- {kind: ServiceAccount, name: calico-node, namespace: kube-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: calico-cni-plugin
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: calico-cni-plugin}
subjects:
- {kind: ServiceAccount, name: calico-cni-plugin, namespace: kube-system}
`
