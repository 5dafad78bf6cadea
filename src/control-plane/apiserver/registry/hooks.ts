import { definitionHooks } from '../custom/definition-hooks.ts'
import { bindingHooks, roleHooks } from '../authorization/escalation.ts'
import { jobHooks } from './jobs.ts'
import { namespaceHooks } from './namespaces.ts'
import { serviceHooks } from './services.ts'
import type { StorageHooks } from './storage-hooks.ts'

const hooks: Readonly<Record<string, StorageHooks>> = {
  'customresourcedefinitions.apiextensions.k8s.io': definitionHooks,
  'jobs.batch': jobHooks,
  namespaces: namespaceHooks,
  services: serviceHooks,
  'roles.rbac.authorization.k8s.io': roleHooks,
  'clusterroles.rbac.authorization.k8s.io': roleHooks,
  'rolebindings.rbac.authorization.k8s.io': bindingHooks,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingHooks,
}

const none: StorageHooks = {}

/** What a resource's own storage does; most have none. */
export function hooksOf(resource: string): StorageHooks {
  return hooks[resource] ?? none
}
