import { ConfigMap } from '../../api/core/configmap.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { defineController, watchOf } from '../../client/controller.ts'
import { attempt } from '../../machinery/status.ts'
import { isNamespaceGoing } from './pod-control.ts'

const name = 'kube-root-ca.crt'
const description = 'kubernetes.io/description'
const annotations = {
  [description]:
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
    'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
}

/** A certificate that certifies nothing: there is no TLS in the simulation, but Pods mount the file. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIDBTCCAe2gAwIBAgIIUG9kc2NhcGUwDQYJKoZIhvcNAQELBQAwFTETMBEGA1UE
AxMKa3ViZXJuZXRlczAeFw0yNjAxMTUwODU1MDBaFw0zNjAxMTMwOTAwMDBaMBUx
EzARBgNVBAMTCmt1YmVybmV0ZXM=
-----END CERTIFICATE-----
`

const data = { 'ca.crt': certificate }

/** Puts the cluster's root certificate into every namespace. Models pkg/controller/certificates/rootcacertpublisher. */
export const rootCaPublisher = defineController({
  name: 'root-ca-cert-publisher',
  reconciles: Namespace,
  workers: 1,
  watches: [
    watchOf(ConfigMap, (old, next) => {
      const namespace = (next ?? old)?.metadata.namespace
      return old?.metadata.name === name && namespace !== undefined ? [namespace] : []
    }),
  ],

  reconcile({ metadata, status }, { api, cache }) {
    const namespace = metadata.name
    if (status.phase !== 'Active') return
    const present = cache.get(ConfigMap, name, namespace)
    if (!present) {
      const failure = attempt(() => api.create(ConfigMap, { metadata: { name, namespace, annotations }, data }))
      if (failure && failure.reason !== 'AlreadyExists' && !isNamespaceGoing(failure)) throw failure
      return
    }
    const isIntact = present.data?.['ca.crt'] === certificate && Object.keys(present.data).length === 1
    if (isIntact && present.metadata.annotations?.[description] !== undefined) return
    const merged = { ...present.metadata.annotations, ...annotations }
    api.update(ConfigMap, { ...present, data, metadata: { ...present.metadata, annotations: merged } })
  },
})
