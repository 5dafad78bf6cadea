import { type FieldError, forbidden, invalid, tooLong } from '../../machinery/fieldpath.ts'
import { byteLength } from '../../machinery/go-text.ts'
import { own } from '../../machinery/json-value.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { isConfigMapKey } from '../../machinery/validation.ts'
import type { ConfigMap as Model } from '../generated/core.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type ConfigMap = Model

const maxBytes = 1024 * 1024
const frozen = 'field is immutable when `immutable` is set'

/** Strategy: pkg/registry/core/configmap/strategy.go. */
export const ConfigMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,

  validate({ data, binaryData }) {
    const errors: FieldError[] = []
    let total = 0
    for (const key of Object.keys(data ?? {}).sort()) {
      addInvalid(errors, `data[${key}]`, key, isConfigMapKey(key))
      if (own(binaryData, key) !== undefined) {
        errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
      }
      total += byteLength(data?.[key] ?? '')
    }
    for (const key of Object.keys(binaryData ?? {}).sort()) {
      addInvalid(errors, `binaryData[${key}]`, key, isConfigMapKey(key))
      total += decodedLength(binaryData?.[key] ?? '')
    }
    // Upstream names the root of the object, which prints as [].
    if (total > maxBytes) errors.push(tooLong('[]', maxBytes))
    return errors
  },

  validateUpdate(map, old) {
    const errors: FieldError[] = []
    if (!old.immutable) return errors
    if (!map.immutable) errors.push(forbidden('immutable', frozen))
    if (!isEqual(map.data, old.data)) errors.push(forbidden('data', frozen))
    if (!isEqual(map.binaryData, old.binaryData)) errors.push(forbidden('binaryData', frozen))
    return errors
  },

  columns: [nameColumn, { name: 'Data', cell: map => countOf(map.data) + countOf(map.binaryData) }, ageColumn],
})

function countOf(map: object | undefined): number {
  return Object.keys(map ?? {}).length
}

/** How many bytes a base64 text stands for. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return Math.floor((base64.length * 3) / 4) - padding
}
