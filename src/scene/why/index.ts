import { DaemonSet } from '../../api/apps/daemonset.ts'
import { Deployment } from '../../api/apps/deployment.ts'
import { ReplicaSet } from '../../api/apps/replicaset.ts'
import { StatefulSet } from '../../api/apps/statefulset.ts'
import { Job } from '../../api/batch/job.ts'
import { Node } from '../../api/core/node.ts'
import { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { Ingress } from '../../api/networking/ingress.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { whyClaim } from './claim.ts'
import type { Explanation } from './explanation.ts'
import { whyIngress } from './ingress.ts'
import { whyJob } from './job.ts'
import { whyNode } from './node.ts'
import { whyPod } from './pod.ts'
import { whyService } from './service.ts'
import { whyDeployment, whySet } from './workload.ts'
import { type Explainer, warnings, type World } from './world.ts'

/** A kind with its explainer. */
export interface Explained {
  readonly kind: Kind
  explain(world: World, name: string, namespace: string | undefined): readonly Explanation[]
}

function explained<T extends ApiObject>(kind: Kind<T>, explainer: Explainer<T>): Explained {
  return {
    kind,
    explain(world, name, namespace) {
      const object = world.find(kind, name, namespace)
      return object ? explainer(object, world) : []
    },
  }
}

/** The kinds that explain themselves. */
export const explainers: readonly Explained[] = [
  explained(Pod, whyPod),
  explained(Deployment, whyDeployment),
  explained(ReplicaSet, whySet),
  explained(StatefulSet, whySet),
  explained(DaemonSet, whySet),
  explained(Job, whyJob),
  explained(Service, whyService),
  explained(Ingress, whyIngress),
  explained(PersistentVolumeClaim, whyClaim),
  explained(Node, whyNode),
]

/** What Events warn of, for kinds that have no explainer of their own. */
export function whyAny(object: ApiObject, world: World): readonly Explanation[] {
  const evidence = warnings(world, object)
  if (evidence.length > 0) {
    const text = { en: 'There are warnings about it.', ko: '이 오브젝트에 대한 경고가 있습니다.' }
    return [{ tone: 'warning', text, evidence }]
  }
  const text = { en: 'Nobody has anything to complain of about it.', ko: '이 오브젝트에 대해 보고된 문제가 없습니다.' }
  return [{ tone: 'good', text, evidence: [] }]
}
