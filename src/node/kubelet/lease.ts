import { Lease } from '../../api/coordination/lease.ts'
import { Node } from '../../api/core/node.ts'
import { getCached } from '../../client/informer.ts'
import { attempt } from '../../machinery/status.ts'
import { microTimestamp } from '../../machinery/time.ts'
import type { Kubelet } from './context.ts'

const namespace = 'kube-node-lease'

/** Renewed after a quarter of its duration, plus up to 4 % so that nodes do not beat in step. */
export function leaseIntervalMs({ state, self }: Kubelet): number {
  return state.config.leaseDurationSeconds * 250 * (1 + 0.04 * self.random())
}

/** Tells the node lifecycle controller that this node lives: component-helpers/apimachinery/lease/controller.go. */
export function renewLease(kubelet: Kubelet): void {
  const { state, api, self } = kubelet
  const { nodeName, leaseDurationSeconds } = state.config
  const renewTime = microTimestamp(self.now)
  attempt(() => {
    const present = state.lease ?? api.find(Lease, nodeName, namespace)
    if (present) {
      const failure = attempt(() => {
        state.lease = api.update(Lease, { ...present, spec: { ...present.spec, renewTime } })
      })
      if (failure) delete state.lease
      return
    }
    const node = getCached(state.node, Node, nodeName)
    const owner = node && { apiVersion: 'v1', kind: 'Node', name: nodeName, uid: node.metadata.uid }
    state.lease = api.create(Lease, {
      metadata: { name: nodeName, namespace, ...(owner && { ownerReferences: [owner] }) },
      spec: { holderIdentity: nodeName, leaseDurationSeconds, renewTime },
    })
  })
}
