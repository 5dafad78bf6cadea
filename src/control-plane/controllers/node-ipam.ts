import { Node } from '../../api/core/node.ts'
import { defineController } from '../../client/controller.ts'
import { ApiError } from '../../machinery/status.ts'

/**
 * First address of the Pod network, and how many /24 ranges it has. kubeadm is told 172.16.0.0/16, which is enough for
 * 256 nodes; ours goes on after that, up to the end of 172.16.0.0/12.
 */
const firstByte = 172
const secondByte = 16
const rangeCount = 4096

/**
 * Gives every node a range of Pod addresses, in the order in which the nodes come: 172.16.0.0/24 to the first. Models
 * pkg/controller/nodeipam/ipam/range_allocator.go.
 */
export const nodeIpamController = defineController({
  name: 'node-ipam-controller',
  serviceAccount: 'node-controller',
  reconciles: Node,
  workers: 30,
  concerns: (old, next) => !next?.spec.podCIDR || !old,

  reconcile(node, { api, cache, event, memory }) {
    const { name } = node.metadata
    const held = memory.get(name)
    if (node.spec.podCIDR) {
      memory.set(name, node.spec.podCIDR)
      return
    }
    if (memory.size === 0) {
      for (const { metadata, spec } of cache.list(Node)) if (spec.podCIDR) memory.set(metadata.name, spec.podCIDR)
    }
    const range = typeof held === 'string' ? held : nextFree(memory)
    if (range === undefined) {
      event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`)
      throw new ApiError(
        '',
        `failed to allocate cidr from cluster cidr at idx:0: CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range`,
      )
    }
    memory.set(name, range)
    api.patch(Node, node, 'strategic', { spec: { podCIDR: range, podCIDRs: [range] } })
  },

  removed: (key, { memory }) => void memory.delete(key),
})

/** The range after the one given last, round and round: an address is not used again at once (cidrset, nextCandidate). */
function nextFree(memory: Map<string, unknown>): string | undefined {
  const used = new Set(memory.values())
  const last = memory.get(lastKey)
  const first = typeof last === 'number' ? last + 1 : 0
  for (let i = 0; i < rangeCount; i++) {
    const index = (first + i) % rangeCount
    const range = `${firstByte}.${secondByte + (index >> 8)}.${index & 255}.0/24`
    if (used.has(range)) continue
    memory.set(lastKey, index)
    return range
  }
  return undefined
}

/** Not the name of a node: those have no capital letters. */
const lastKey = 'LAST'
