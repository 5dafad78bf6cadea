import { ConfigMap } from '../../api/core/configmap.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { defineController, watchOf } from '../../client/controller.ts'
import { attempt } from '../../machinery/status.ts'
import { authorityCertificate } from '../../machinery/x509/authority.ts'
import { isNamespaceGoing } from './pod-control.ts'

const name = 'kube-root-ca.crt'
const description = 'kubernetes.io/description'
const annotations = {
  [description]:
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
    'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
}

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
    const certificate = authorityCertificate()
    const data = { 'ca.crt': certificate }
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
