import { images } from '../images/index.ts'
import { imageRegistry } from '../images/registry.ts'
import type { PresentImage } from '../node/runtime/state.ts'
import { kubernetesVersion } from './static-pods.ts'
import type { Machine } from './topology.ts'

/** What `kubeadm config images pull` has put on every machine of a lab before anybody looks. */
const prepared: readonly string[] = ['registry.k8s.io/pause:3.10.1', `registry.k8s.io/kube-proxy:${kubernetesVersion}`]

/** And on masters besides. */
const preparedOnMasters: readonly string[] = [
  'registry.k8s.io/etcd:3.6.6-0',
  `registry.k8s.io/kube-apiserver:${kubernetesVersion}`,
  `registry.k8s.io/kube-controller-manager:${kubernetesVersion}`,
  `registry.k8s.io/kube-scheduler:${kubernetesVersion}`,
  'registry.k8s.io/coredns/coredns:v1.13.1',
]

/** Images on a machine's disk when it is switched on for the first time. */
export function imagesOnDisk(machine: Machine): PresentImage[] {
  const registry = imageRegistry(images)
  const names = machine.role === 'master' ? [...prepared, ...preparedOnMasters] : prepared
  return names.map(name => {
    const pulled = registry.pull(name)
    if (!pulled.found) throw new Error(`image ${name} is to be prepared: ${pulled.error}`)
    const { repository, sizeBytes, user } = pulled.image
    return { name, imageId: `${repository}@${pulled.digest}`, sizeBytes, ...(user !== undefined && { user }) }
  })
}
