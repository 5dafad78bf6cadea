import { ApiError, forbidden, notFound } from '../../../machinery/status.ts'
import { namespaces } from '../known.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

const immortal = ['default', 'kube-system', 'kube-public']

/** Nothing new in namespaces that are missing or going; some namespaces never go (plugin/namespace/lifecycle). */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  subresources: ['', 'status', 'scale', 'binding', 'eviction'],

  mutate(_draft, attributes) {
    checkNamespace(attributes)
  },

  validate(_object, { operation, kind, name }) {
    if (operation !== 'DELETE' || kind.resource !== 'namespaces' || !immortal.includes(name)) return
    throw forbidden(kind, name, 'this namespace may not be deleted')
  },
}

function checkNamespace(attributes: Attributes): void {
  const { operation, kind, namespace, name, find } = attributes
  if (namespace === undefined || operation === 'DELETE') return
  const found = find(namespaces, namespace)
  if (!found) throw notFound(namespaces, namespace)
  if (operation !== 'CREATE' || found.status.phase !== 'Terminating') return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  throw withCause(forbidden(kind, name, why), namespace)
}

/** NamespaceTerminatingCause tells clients why, so that controllers do not try again. */
function withCause({ message, details }: ApiError, namespace: string): ApiError {
  const reason = 'NamespaceTerminating'
  const causes = [{ reason, message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }]
  return new ApiError('Forbidden', message, { ...details, causes })
}
