import type { ControllerDefinition } from '../../client/controller.ts'
import { certificateApprover } from './certificates/approving.ts'
import { certificateCleaner } from './certificates/cleaner.ts'
import { certificateSigner } from './certificates/signing.ts'
import { clusterRoleAggregation } from './clusterrole-aggregation.ts'
import { cronJobController } from './cronjob/index.ts'
import { daemonSetController } from './daemonset/index.ts'
import { deploymentController } from './deployment/index.ts'
import { disruptionController } from './disruption.ts'
import { endpointsController } from './endpoints/index.ts'
import { endpointSliceController } from './endpointslice/index.ts'
import { garbageCollector } from './garbage-collector/index.ts'
import { horizontalPodAutoscaler } from './horizontalpodautoscaler/index.ts'
import { jobController } from './job/index.ts'
import { namespaceController } from './namespace/index.ts'
import { persistentVolumeBinder } from './persistentvolume/binder.ts'
import { ephemeralVolumeController } from './persistentvolume/ephemeral.ts'
import { claimProtection, volumeProtection } from './persistentvolume/protection.ts'
import { nodeIpamController } from './node-ipam.ts'
import { nodeLifecycleController } from './node-lifecycle/index.ts'
import { podGarbageCollector } from './pod-gc.ts'
import { replicaSetController } from './replicaset/index.ts'
import { replicationController } from './replicationcontroller.ts'
import { resourceQuotaController } from './resource-quota.ts'
import { rootCaPublisher } from './root-ca-publisher.ts'
import { serviceAccountController } from './serviceaccount.ts'
import { statefulSetController } from './statefulset/index.ts'
import { taintEvictionController } from './taint-eviction.ts'
import { ttlAfterFinishedController } from './ttl-after-finished.ts'

/** The controllers of kube-controller-manager in the order in which it starts them (cmd/kube-controller-manager/names). */
export const controllers: readonly ControllerDefinition[] = [
  serviceAccountController,
  endpointsController,
  endpointSliceController,
  replicationController,
  podGarbageCollector,
  resourceQuotaController,
  namespaceController,
  garbageCollector,
  daemonSetController,
  jobController,
  deploymentController,
  replicaSetController,
  horizontalPodAutoscaler,
  disruptionController,
  statefulSetController,
  cronJobController,
  certificateSigner,
  certificateApprover,
  certificateCleaner,
  nodeIpamController,
  nodeLifecycleController,
  taintEvictionController,
  persistentVolumeBinder,
  claimProtection,
  volumeProtection,
  ephemeralVolumeController,
  clusterRoleAggregation,
  ttlAfterFinishedController,
  rootCaPublisher,
]
