import { parseAllDocuments } from 'yaml'
import { assert } from '../../machinery/assert.ts'
import type { Manifest } from '../kubeadm.ts'

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
