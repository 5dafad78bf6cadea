import type { Describer } from './sections.ts'
import {
  describeConfigMap,
  describePdb,
  describePriorityClass,
  describeSecret,
  describeServiceAccount,
} from './config.ts'
import { describeDaemonSet } from './daemonset.ts'
import { describeDeployment } from './deployment.ts'
import { describeHpa } from './hpa.ts'
import { describeIngress, describeIngressClass } from './ingress.ts'
import { describeCronJob, describeJob } from './job.ts'
import { describeLimitRange, describeNamespace, describeQuota } from './namespace.ts'
import { describeNetworkPolicy } from './networkpolicy.ts'
import { describeNode } from './node.ts'
import { describePod } from './pod.ts'
import { describeRole, describeRoleBinding } from './rbac.ts'
import { describeReplicas } from './replica-sets.ts'
import { describeEndpoints, describeEndpointSlice, describeService } from './service.ts'
import { describeStatefulSet } from './statefulset.ts'
import { describeClaim, describeStorageClass, describeVolume } from './storage.ts'

const rbac = 'rbac.authorization.k8s.io'

/** Describers by `group/Kind`; every other kind is described field by field. */
export const describers: ReadonlyMap<string, Describer> = new Map<string, Describer>([
  ['/Pod', describePod],
  ['/ReplicationController', describeReplicas],
  ['/Secret', describeSecret],
  ['/Service', describeService],
  ['/ServiceAccount', describeServiceAccount],
  ['/Node', describeNode],
  ['/LimitRange', describeLimitRange],
  ['/ResourceQuota', describeQuota],
  ['/PersistentVolume', describeVolume],
  ['/PersistentVolumeClaim', describeClaim],
  ['/Namespace', describeNamespace],
  ['/Endpoints', describeEndpoints],
  ['/ConfigMap', describeConfigMap],
  ['scheduling.k8s.io/PriorityClass', describePriorityClass],
  ['discovery.k8s.io/EndpointSlice', describeEndpointSlice],
  ['autoscaling/HorizontalPodAutoscaler', describeHpa],
  ['networking.k8s.io/Ingress', describeIngress],
  ['networking.k8s.io/IngressClass', describeIngressClass],
  ['networking.k8s.io/NetworkPolicy', describeNetworkPolicy],
  ['batch/Job', describeJob],
  ['batch/CronJob', describeCronJob],
  ['apps/StatefulSet', describeStatefulSet],
  ['apps/Deployment', describeDeployment],
  ['apps/DaemonSet', describeDaemonSet],
  ['apps/ReplicaSet', describeReplicas],
  ['storage.k8s.io/StorageClass', describeStorageClass],
  ['policy/PodDisruptionBudget', describePdb],
  [`${rbac}/Role`, describeRole],
  [`${rbac}/ClusterRole`, describeRole],
  [`${rbac}/RoleBinding`, describeRoleBinding],
  [`${rbac}/ClusterRoleBinding`, describeRoleBinding],
])
