import { kubernetesVersion } from '../static-pods.ts'
import { coreDnsManifest } from './coredns.ts'
import { kubeProxyManifest } from './kube-proxy.ts'
import { kubeadmRoles } from './kubeadm-roles.ts'
import { type Manifest, parseManifest } from './manifest.ts'

/** What `kubeadm init` uploads after the control plane has come up (phases/addons). */
export function addonsFor(masterAddress: string, podNetwork: string): readonly Manifest[] {
  const endpoint = `${masterAddress}:6443`
  return [
    ...parseManifest(kubeadmRoles),
    ...parseManifest(coreDnsManifest({ address: '10.96.0.10', version: 'v1.13.1' })),
    ...parseManifest(kubeProxyManifest({ endpoint, podNetwork, version: kubernetesVersion })),
  ]
}
