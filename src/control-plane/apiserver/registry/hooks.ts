import { definitionHooks } from '../custom/definition-hooks.ts'
import { jobHooks } from './jobs.ts'
import { namespaceHooks } from './namespaces.ts'
import { serviceHooks } from './services.ts'
import type { StorageHooks } from './storage-hooks.ts'

const hooks: Readonly<Record<string, StorageHooks>> = {
  'customresourcedefinitions.apiextensions.k8s.io': definitionHooks,
  'jobs.batch': jobHooks,
  namespaces: namespaceHooks,
  services: serviceHooks,
}

const none: StorageHooks = {}

/** What a resource's own storage does; most have none. */
export function hooksOf(resource: string): StorageHooks {
  return hooks[resource] ?? none
}
