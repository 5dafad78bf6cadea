import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import { eventsRule, read, rule } from './rule.ts'

const finalizers = (group: string, resource: string): PolicyRule => rule('update', group, `${resource}/finalizers`)
const status = (group: string, resource: string): PolicyRule => rule('update', group, `${resource}/status`)
const core = 'core'
const apps = 'apps'
const storage = 'storage.k8s.io'
const networking = 'networking.k8s.io'
const discovery = 'discovery.k8s.io'
const resourceGroup = 'resource.k8s.io'
const certificates = 'certificates.k8s.io'
const admission = 'admissionregistration.k8s.io'
const signers = ['legacy-unknown', 'kube-apiserver-client', 'kube-apiserver-client-kubelet', 'kubelet-serving']
  .map(name => `kubernetes.io/${name}`)
  .join(' ')
const workPods = rule('list watch create delete patch', core, 'pods')

/** The roles `system:controller:<name>` of kube-controller-manager's service accounts (controller_policy.go). */
export const controllerRoles: Readonly<Record<string, readonly PolicyRule[]>> = {
  'attachdetach-controller': [
    rule('list watch', core, 'persistentvolumes persistentvolumeclaims'),
    rule(read, core, 'nodes'),
    rule('patch update', core, 'nodes/status'),
    rule('list watch', core, 'pods'),
    eventsRule,
    rule('get create delete list watch', storage, 'volumeattachments'),
    rule(read, storage, 'csidrivers'),
    rule(read, storage, 'csinodes'),
  ],
  'clusterrole-aggregation-controller': [
    rule('escalate get list watch update patch', 'rbac.authorization.k8s.io', 'clusterroles'),
  ],
  'cronjob-controller': [
    rule('get list watch update', 'batch', 'cronjobs'),
    rule('get list watch create update delete patch', 'batch', 'jobs'),
    status('batch', 'cronjobs'),
    finalizers('batch', 'cronjobs'),
    rule('list watch delete', core, 'pods'),
    eventsRule,
  ],
  'daemon-set-controller': [
    rule(read, 'extensions apps', 'daemonsets'),
    status('extensions apps', 'daemonsets'),
    finalizers('extensions apps', 'daemonsets'),
    rule('list watch', core, 'nodes'),
    workPods,
    rule('create', core, 'pods/binding'),
    rule('get list watch create delete update patch', apps, 'controllerrevisions'),
    eventsRule,
  ],
  'deployment-controller': [
    rule('get list watch update', 'extensions apps', 'deployments'),
    status('extensions apps', 'deployments'),
    finalizers('extensions apps', 'deployments'),
    rule('get list watch create update patch delete', 'extensions apps', 'replicasets'),
    rule('get list watch update', core, 'pods'),
    eventsRule,
  ],
  'disruption-controller': [
    rule(read, 'extensions apps', 'deployments'),
    rule(read, 'extensions apps', 'replicasets'),
    rule(read, core, 'replicationcontrollers'),
    rule(read, 'policy', 'poddisruptionbudgets'),
    rule(read, apps, 'statefulsets'),
    status('policy', 'poddisruptionbudgets'),
    rule('patch update', core, 'pods/status'),
    rule('get', '*', '*/scale'),
    eventsRule,
  ],
  'endpoint-controller': [
    rule(read, core, 'services pods'),
    rule('get list watch create update delete', core, 'endpoints'),
    rule('create', core, 'endpoints/restricted'),
    eventsRule,
  ],
  'endpointslice-controller': [
    rule(read, core, 'services pods nodes'),
    finalizers(core, 'services'),
    rule('get list watch create update delete', discovery, 'endpointslices'),
    eventsRule,
  ],
  'endpointslicemirroring-controller': [
    rule(read, core, 'services endpoints'),
    finalizers(core, 'services'),
    finalizers(core, 'endpoints'),
    rule('get list watch create update delete', discovery, 'endpointslices'),
    eventsRule,
  ],
  'expand-controller': [
    rule('get list watch update patch', core, 'persistentvolumes'),
    rule('update patch', core, 'persistentvolumeclaims/status'),
    rule(read, core, 'persistentvolumeclaims'),
    eventsRule,
    rule('get', core, 'services'),
  ],
  'ephemeral-volume-controller': [
    rule(read, core, 'pods'),
    finalizers(core, 'pods'),
    rule('get list watch create', core, 'persistentvolumeclaims'),
    eventsRule,
  ],
  'resource-claim-controller': [
    rule(read, core, 'pods'),
    finalizers(core, 'pods'),
    rule('get list watch create delete', resourceGroup, 'resourceclaims'),
    rule('update patch', resourceGroup, 'resourceclaims resourceclaims/status'),
    rule('update patch', core, 'pods/status'),
    eventsRule,
  ],
  'generic-garbage-collector': [rule('get list watch patch update delete', '*', '*'), eventsRule],
  'horizontal-pod-autoscaler': [
    rule(read, 'autoscaling', 'horizontalpodautoscalers'),
    status('autoscaling', 'horizontalpodautoscalers'),
    rule('get update', '*', '*/scale'),
    rule('list watch', core, 'pods'),
    rule('list watch', 'metrics.k8s.io', 'pods'),
    rule(read, 'custom.metrics.k8s.io', '*'),
    rule(read, 'external.metrics.k8s.io', '*'),
    eventsRule,
  ],
  'job-controller': [
    rule('get list watch update patch', 'batch', 'jobs'),
    status('batch', 'jobs'),
    finalizers('batch', 'jobs'),
    workPods,
    eventsRule,
  ],
  'namespace-controller': [
    rule('get list watch delete', core, 'namespaces'),
    rule('update', core, 'namespaces/finalize namespaces/status'),
    rule('get list watch delete deletecollection', '*', '*'),
  ],
  'node-controller': [
    rule('get list watch update delete patch', core, 'nodes'),
    rule('patch update', core, 'nodes/status'),
    rule('patch update', core, 'pods/status'),
    rule('list watch get delete', core, 'pods'),
    eventsRule,
  ],
  'persistent-volume-binder': [
    rule('get list watch update create delete', core, 'persistentvolumes'),
    status(core, 'persistentvolumes'),
    rule('get list watch update', core, 'persistentvolumeclaims'),
    status(core, 'persistentvolumeclaims'),
    rule('list watch get create delete', core, 'pods'),
    rule(read, storage, 'storageclasses'),
    rule('list watch', core, 'nodes'),
    eventsRule,
    rule('watch', core, 'events'),
    rule('get', core, 'services'),
  ],
  'pod-garbage-collector': [
    rule('list watch delete', core, 'pods'),
    rule(read, core, 'nodes'),
    rule('patch', core, 'pods/status'),
  ],
  'replicaset-controller': [
    rule('get list watch update', 'extensions apps', 'replicasets'),
    status('extensions apps', 'replicasets'),
    finalizers('extensions apps', 'replicasets'),
    workPods,
    eventsRule,
  ],
  'replication-controller': [
    rule('get list watch update', core, 'replicationcontrollers'),
    status(core, 'replicationcontrollers'),
    finalizers(core, 'replicationcontrollers'),
    workPods,
    eventsRule,
  ],
  'resourcequota-controller': [rule('list watch', '*', '*'), status(core, 'resourcequotas'), eventsRule],
  'route-controller': [rule('list watch', core, 'nodes'), rule('patch', core, 'nodes/status'), eventsRule],
  'service-account-controller': [rule('create', core, 'serviceaccounts'), eventsRule],
  'service-controller': [
    rule(read, core, 'services'),
    rule('patch update', core, 'services/status'),
    rule('list watch', core, 'nodes'),
    eventsRule,
  ],
  'service-cidrs-controller': [
    rule('get list watch patch update', networking, 'servicecidrs'),
    rule('patch update', networking, 'servicecidrs/finalizers'),
    rule('patch update', networking, 'servicecidrs/status'),
    rule(read, networking, 'ipaddresses'),
    eventsRule,
  ],
  'statefulset-controller': [
    rule('list watch', core, 'pods'),
    rule(read, apps, 'statefulsets'),
    status(apps, 'statefulsets'),
    finalizers(apps, 'statefulsets'),
    rule('get create delete update patch', core, 'pods'),
    rule('get create delete update patch list watch', apps, 'controllerrevisions'),
    rule('get create list watch', core, 'persistentvolumeclaims'),
    rule('update delete', core, 'persistentvolumeclaims'),
    finalizers(core, 'pods'),
    eventsRule,
  ],
  'ttl-controller': [rule('update patch list watch', core, 'nodes'), eventsRule],
  'certificate-controller': [
    rule('get list watch delete', certificates, 'certificatesigningrequests'),
    rule('update', certificates, 'certificatesigningrequests/status certificatesigningrequests/approval'),
    rule('approve', certificates, 'signers', 'kubernetes.io/kube-apiserver-client-kubelet'),
    rule('sign', certificates, 'signers', signers),
    rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    eventsRule,
  ],
  'pvc-protection-controller': [
    rule('get list watch update', core, 'persistentvolumeclaims'),
    rule('list watch get', core, 'pods'),
    eventsRule,
  ],
  'pv-protection-controller': [rule('get list watch update', core, 'persistentvolumes'), eventsRule],
  'volumeattributesclass-protection-controller': [
    rule(read, core, 'persistentvolumeclaims'),
    rule(read, core, 'persistentvolumes'),
    rule('get list watch update', storage, 'volumeattributesclasses'),
    eventsRule,
  ],
  'ttl-after-finished-controller': [rule('get list watch delete', 'batch', 'jobs'), eventsRule],
  'root-ca-cert-publisher': [rule('create update', core, 'configmaps'), eventsRule],
  'validatingadmissionpolicy-status-controller': [
    rule(read, admission, 'validatingadmissionpolicies'),
    rule('get patch update', admission, 'validatingadmissionpolicies/status'),
    eventsRule,
  ],
  'legacy-service-account-token-cleaner': [
    rule('get', core, 'configmaps', 'kube-apiserver-legacy-service-account-token-tracking'),
    rule('patch delete', core, 'secrets'),
  ],
  'selinux-warning-controller': [
    eventsRule,
    rule(read, core, 'persistentvolumes'),
    rule(read, core, 'persistentvolumeclaims'),
    rule(read, core, 'pods'),
    rule(read, storage, 'csidrivers'),
  ],
}
