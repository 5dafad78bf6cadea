import { encodeBase64 } from '../../api/meta/base64.ts'
import { authorityCertificate, clientPair } from '../../machinery/x509/authority.ts'

const administrator = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] }

/** The administrator's kubeconfig as `kubeadm init` writes it to /etc/kubernetes/admin.conf. */
export function kubeconfigFor(server: string): string {
  const { certificate, key } = clientPair(administrator)
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encodeBase64(authorityCertificate())}
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
    client-certificate-data: ${encodeBase64(certificate)}
    client-key-data: ${encodeBase64(key)}
`
}
