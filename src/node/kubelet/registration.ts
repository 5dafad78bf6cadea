import { Node } from '../../api/core/node.ts'
import { attempt } from '../../machinery/status.ts'
import { type Kubelet, nodeEvent } from './context.ts'
import { nodeStatusOf } from './node-status.ts'

/**
 * Makes this machine known to the API server, or takes up the Node that is there. Returns whether it worked; until then
 * it is tried again. Models pkg/kubelet/kubelet_node_status.go.
 */
export function register(kubelet: Kubelet): boolean {
  const { state, api } = kubelet
  const { config } = state
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': config.nodeName,
    'kubernetes.io/os': 'linux',
    ...config.labels,
  }
  const failure = attempt(() => {
    const present = api.find(Node, config.nodeName)
    if (present) {
      api.patch(Node, present, 'strategic', { metadata: { labels } })
      return
    }
    api.create(Node, {
      metadata: {
        name: config.nodeName,
        labels,
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: { ...(config.taints.length > 0 && { taints: [...config.taints] }) },
      status: nodeStatusOf(kubelet, undefined),
    })
  })
  if (failure) return false
  state.registered = true
  nodeEvent(kubelet, 'Normal', 'Starting', 'Starting kubelet.')
  nodeEvent(kubelet, 'Warning', 'InvalidDiskCapacity', 'invalid capacity 0 on image filesystem')
  nodeEvent(kubelet, 'Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
  return true
}
