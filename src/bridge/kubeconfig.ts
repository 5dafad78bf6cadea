import type { KeyPair } from './certificates.ts'

export interface KubeconfigOptions {
  readonly server: string
  readonly ca: string
  readonly client: KeyPair
}

/** The administrator's kubeconfig as `kubeadm init` writes it to /etc/kubernetes/admin.conf. */
export function kubeconfigText({ server, ca, client }: KubeconfigOptions): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(ca)}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64(client.certificate)}
    client-key-data: ${base64(client.key)}
`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
