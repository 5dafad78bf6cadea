import { describe, expect, it } from 'vitest'
import { kindOf } from '../../api/index.ts'
import { LanLab } from '../../testing/lan-lab.ts'
import { addonsFor } from './kubeadm.ts'
import { calicoManifest } from './calico.ts'
import { ingressNginxManifest } from './ingress-nginx.ts'
import { parseManifest } from './manifest.ts'

describe('[A13] manifests of the add-ons', () => {
  it('are accepted by the API server to the last field', () => {
    const lan = new LanLab()
    const manifests = [
      ...addonsFor('192.168.1.10', '172.16.0.0/16'),
      ...parseManifest(calicoManifest),
      ...parseManifest(ingressNginxManifest).filter(({ kind }) => kind !== 'Namespace'),
    ]
    const created = manifests.map(manifest => {
      const kind = kindOf(manifest)
      if (!kind) return `${manifest.kind} is not served`
      const { metadata } = lan.api.create(kind, manifest, { fieldValidation: 'Strict' })
      return `${manifest.kind} ${metadata.namespace ?? ''}/${metadata.name}`
    })
    expect(created.filter(line => /^(DaemonSet|Deployment|IngressClass) /.test(line))).toEqual([
      'Deployment kube-system/coredns',
      'DaemonSet kube-system/kube-proxy',
      'DaemonSet kube-system/calico-node',
      'Deployment kube-system/calico-kube-controllers',
      'Deployment ingress-nginx/ingress-nginx-controller',
      'IngressClass /nginx',
    ])
  })
})
