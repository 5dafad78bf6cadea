import type { ControllerDefinition } from '../../client/controller.ts'
import { deploymentController } from './deployment/index.ts'
import { namespaceController } from './namespace/index.ts'
import { replicaSetController } from './replicaset/index.ts'
import { rootCaPublisher } from './root-ca-publisher.ts'
import { serviceAccountController } from './serviceaccount.ts'

/** The controllers of kube-controller-manager in the order in which it starts them (cmd/kube-controller-manager/names). */
export const controllers: readonly ControllerDefinition[] = [
  serviceAccountController,
  namespaceController,
  deploymentController,
  replicaSetController,
  rootCaPublisher,
]
