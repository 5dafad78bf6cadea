import { Namespace } from '../../api/core/namespace.ts'
import { ServiceAccount } from '../../api/core/serviceaccount.ts'
import { defineController, watchOf } from '../../client/controller.ts'
import { attempt } from '../../machinery/status.ts'
import { isNamespaceGoing } from './pod-control.ts'

/** Gives every namespace its ServiceAccount `default`. Models pkg/controller/serviceaccount/serviceaccounts_controller.go. */
export const serviceAccountController = defineController({
  name: 'service-account-controller',
  reconciles: Namespace,
  workers: 1,
  // Its account was deleted: it gets a new one.
  watches: [watchOf(ServiceAccount, (old, next) => (old && !next ? [old.metadata.namespace ?? ''] : []))],

  reconcile({ metadata, status }, { api, cache }) {
    const namespace = metadata.name
    if (status.phase !== 'Active' || cache.get(ServiceAccount, 'default', namespace)) return
    const failure = attempt(() => api.create(ServiceAccount, { metadata: { name: 'default', namespace } }))
    if (!failure || failure.reason === 'AlreadyExists' || isNamespaceGoing(failure)) return
    throw failure
  },
})
