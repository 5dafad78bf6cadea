import { controlPlaneImage } from './control-plane.ts'

/**
 * An etcd member. Its component says only that the member runs: what the members hold together is the logical store,
 * which outlives any container as /var/lib/etcd does (DESIGN.md, D8).
 */
export const etcdImage = controlPlaneImage('etcd', '3.6.6-0', {
  type: 'etcd-member',
  ports: [2379, 2381],
  sizeBytes: 23_900_000,
  memoryBytes: 64 * 2 ** 20,
  cpuMillis: 18,
  state: () => ({}),
})
