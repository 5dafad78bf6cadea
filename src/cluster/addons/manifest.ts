import { parseAllDocuments } from 'yaml'
import { assert } from '../../machinery/assert.ts'
import type { ApiObject, DeepPartial } from '../../machinery/object.ts'

/** An object that is created as part of an installation. */
export type Manifest = DeepPartial<ApiObject> & { readonly apiVersion: string; readonly kind: string }

/** Reads the objects of a manifest: the same text can be applied by hand, as a file of the workstation. */
export function parseManifest(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map(document => {
    const value: unknown = document.toJS()
    assert(
      document.errors.length === 0 && isManifest(value),
      `our own manifest is wrong: ${String(document.errors[0])}`,
    )
    return value
  })
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value
}
