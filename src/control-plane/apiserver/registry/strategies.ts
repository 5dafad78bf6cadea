/** What the strategies of kubernetes/pkg/registry say about PUT, besides what a Kind tells. */

/** AllowCreateOnUpdate: a PUT to a name that is free creates the object. */
export const createsOnUpdate: ReadonlySet<string> = new Set([
  'endpoints',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'limitranges',
  'resourcequotas',
  'services',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
])

/** AllowUnconditionalUpdate is false: a PUT must say which version it replaces. */
export const needsResourceVersion: ReadonlySet<string> = new Set([
  'leases.coordination.k8s.io',
  'poddisruptionbudgets.policy',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
])

/** ReturnDeletedObject: a deletion answers the object instead of a Status. */
export const returnsDeletedObject: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
])

/** Their dependents are nobody's concern: no propagation, no garbage collection finalizers. */
export const withoutGarbageCollection: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io'])

/**
 * Kinds whose strategy holds the whole object against the rules again at an update, its metadata included: what is wrong
 * there is told once more (ValidateConfigMapUpdate and its like in pkg/apis/core/validation).
 */
export const validatedWhole: ReadonlySet<string> = new Set([
  'configmaps',
  'daemonsets.apps',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'replicationcontrollers',
  'secrets',
  'serviceaccounts',
  'services',
])
