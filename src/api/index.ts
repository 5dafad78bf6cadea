import { assert } from '../machinery/assert.ts'
import type { Kind } from '../machinery/kind.ts'
import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from './admissionregistration/policy.ts'
import { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from './admissionregistration/webhook.ts'
import { CustomResourceDefinition } from './apiextensions/customresourcedefinition.ts'
import { APIService } from './apiregistration/apiservice.ts'
import { ControllerRevision } from './apps/controllerrevision.ts'
import { DaemonSet } from './apps/daemonset.ts'
import { Deployment } from './apps/deployment.ts'
import { ReplicaSet } from './apps/replicaset.ts'
import { StatefulSet } from './apps/statefulset.ts'
import { HorizontalPodAutoscaler } from './autoscaling/horizontalpodautoscaler.ts'
import { HorizontalPodAutoscalerV1 } from './autoscaling/hpav1.ts'
import { CronJob } from './batch/cronjob.ts'
import { Job } from './batch/job.ts'
import { CertificateSigningRequest } from './certificates/certificatesigningrequest.ts'
import { Lease } from './coordination/lease.ts'
import { ConfigMap } from './core/configmap.ts'
import { Endpoints } from './core/endpoints.ts'
import { Event } from './core/event.ts'
import { LimitRange } from './core/limitrange.ts'
import { Namespace } from './core/namespace.ts'
import { Node } from './core/node.ts'
import { PersistentVolume } from './core/persistentvolume.ts'
import { PersistentVolumeClaim } from './core/persistentvolumeclaim.ts'
import { Pod } from './core/pod.ts'
import { PodTemplate } from './core/podtemplate.ts'
import { ReplicationController } from './core/replicationcontroller.ts'
import { ResourceQuota } from './core/resourcequota.ts'
import { Secret } from './core/secret.ts'
import { Service } from './core/service.ts'
import { ServiceAccount } from './core/serviceaccount.ts'
import { EndpointSlice } from './discovery/endpointslice.ts'
import { EventV1 } from './events/event.ts'
import { FlowSchema, PriorityLevelConfiguration } from './flowcontrol/flowcontrol.ts'
import { Ingress } from './networking/ingress.ts'
import { IngressClass } from './networking/ingressclass.ts'
import { NetworkPolicy } from './networking/networkpolicy.ts'
import { IPAddress, ServiceCIDR } from './networking/servicecidr.ts'
import { RuntimeClass } from './node/runtimeclass.ts'
import { PodDisruptionBudget } from './policy/poddisruptionbudget.ts'
import { ClusterRole, Role } from './rbac/role.ts'
import { ClusterRoleBinding, RoleBinding } from './rbac/rolebinding.ts'
import { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from './resource/dynamicresources.ts'
import { PriorityClass } from './scheduling/priorityclass.ts'
import { CSIDriver, CSINode, CSIStorageCapacity } from './storage/csi.ts'
import { StorageClass } from './storage/storageclass.ts'
import { VolumeAttachment, VolumeAttributesClass } from './storage/volumeattachment.ts'

/** Every kind the API server serves, one line each. Discovery documents follow this order. */
export const kinds: readonly Kind[] = [
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Deployment,
  Service,
  Endpoints,
  EndpointSlice,
  ConfigMap,
  Secret,
  ServiceAccount,
  Event,
  EventV1,
  Lease,
  DaemonSet,
  Ingress,
  IngressClass,
  PriorityClass,
  ControllerRevision,
  ReplicationController,
  StatefulSet,
  Job,
  CronJob,
  PodDisruptionBudget,
  ResourceQuota,
  LimitRange,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  NetworkPolicy,
  Role,
  ClusterRole,
  RoleBinding,
  ClusterRoleBinding,
  RuntimeClass,
  PodTemplate,
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  VolumeAttachment,
  VolumeAttributesClass,
  CertificateSigningRequest,
  ServiceCIDR,
  IPAddress,
  CustomResourceDefinition,
  APIService,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  MutatingWebhookConfiguration,
  FlowSchema,
  PriorityLevelConfiguration,
  DeviceClass,
  ResourceClaim,
  ResourceClaimTemplate,
  ResourceSlice,
]

const byResource = indexed(({ group, version, plural }) => `${group}/${version}/${plural}`)
const byGvk = indexed(({ group, version, kind }) => `${group}/${version}/${kind}`)

/** The kind behind a path of the API: `apps`, `v1`, `deployments`. */
export function kindFor(group: string, version: string, plural: string): Kind | undefined {
  return byResource.get(`${group}/${version}/${plural}`)
}

/** The kind that an object says it is. */
export function kindByGvk(group: string, version: string, kind: string): Kind | undefined {
  return byGvk.get(`${group}/${version}/${kind}`)
}

/** The kind of an object by its `apiVersion` and `kind`. */
export function kindOf({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind | undefined {
  const slash = apiVersion.indexOf('/')
  return kindByGvk(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind)
}

function indexed(keyOf: (kind: Kind) => string): ReadonlyMap<string, Kind> {
  const index = new Map<string, Kind>()
  for (const kind of kinds) {
    const key = keyOf(kind)
    assert(!index.has(key), `${key} is registered once`)
    index.set(key, kind)
  }
  return index
}
