import { type FieldError, forbidden, invalid, required, tooLong } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError, isConfigMapKey } from '../../machinery/validation.ts'
import type { Secret as Model } from '../generated/core.v1.ts'
import { decodeBase64, encodeBase64 } from '../meta/base64.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { decodedLength } from './configmap.ts'

export type Secret = Model

const maxBytes = 1024 * 1024
const frozen = 'field is immutable when `immutable` is set'

/** Strategy: pkg/registry/core/secret/strategy.go. */
export const Secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,

  defaults(draft) {
    // stringData is a convenience of writing: it is merged into data and never stored.
    if (draft.stringData) {
      draft.data ??= {}
      for (const [key, text] of Object.entries(draft.stringData)) draft.data[key] = encodeBase64(text)
      delete draft.stringData
    }
    draft.type ||= 'Opaque'
  },

  prepareForUpdate(draft, old) {
    // A replacement that does not name the type means the one there is.
    if (!draft.type) draft.type = old.type ?? 'Opaque'
  },

  validate(secret) {
    const errors: FieldError[] = []
    const { data = {} } = secret
    let total = 0
    for (const key of Object.keys(data).sort()) {
      addInvalid(errors, `data[${key}]`, key, isConfigMapKey(key))
      total += decodedLength(data[key] ?? '')
    }
    if (total > maxBytes) errors.push(tooLong('data', maxBytes))
    checkType(errors, secret)
    return errors
  },

  validateUpdate(secret, old) {
    const errors: FieldError[] = []
    if (secret.type !== old.type) errors.push(invalid('type', secret.type ?? '', immutableError))
    if (!old.immutable) return errors
    if (!secret.immutable) errors.push(forbidden('immutable', frozen))
    if (!isEqual(secret.data, old.data)) errors.push(forbidden('data', frozen))
    return errors
  },

  warnings: tlsWarnings,

  selectableFields: { type: secret => secret.type ?? '' },

  columns: [
    nameColumn,
    { name: 'Type', cell: secret => secret.type ?? '' },
    { name: 'Data', cell: secret => Object.keys(secret.data ?? {}).length },
    ageColumn,
  ],
})

const accountAnnotation = 'kubernetes.io/service-account.name'

/** What the known types must hold. */
function checkType(errors: FieldError[], { type, data = {}, metadata }: Secret): void {
  const need = (key: string): void => {
    if (data[key] === undefined) errors.push(required(`data[${key}]`))
  }
  switch (type) {
    case 'kubernetes.io/service-account-token':
      if (!metadata.annotations?.[accountAnnotation]) {
        errors.push(required(`metadata.annotations[${accountAnnotation}]`))
      }
      break
    case 'kubernetes.io/dockercfg':
      checkJson(errors, '.dockercfg', data)
      break
    case 'kubernetes.io/dockerconfigjson':
      checkJson(errors, '.dockerconfigjson', data)
      break
    case 'kubernetes.io/basic-auth':
      // One of both is enough; with neither, both are asked for.
      if (data['username'] === undefined && data['password'] === undefined) {
        need('username')
        need('password')
      }
      break
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.push(required('data[ssh-privatekey]'))
      break
    case 'kubernetes.io/tls':
      need('tls.crt')
      need('tls.key')
  }
}

function checkJson(errors: FieldError[], key: string, data: Record<string, string>): void {
  const value = data[key]
  if (value === undefined) {
    errors.push(required(`data[${key}]`))
    return
  }
  const wrong = jsonError(decodeBase64(value))
  if (wrong) errors.push(invalid(`data[${key}]`, '<secret contents redacted>', wrong))
}

/** Why a text is no JSON, as encoding/json says it for the mistakes people make at the beginning of one. */
function jsonError(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return 'unexpected end of JSON input'
  for (const literal of ['null', 'true', 'false']) {
    if (trimmed[0] !== literal[0]) continue
    const position = [...literal].findIndex((letter, i) => trimmed[i] !== letter)
    if (position < 0) return undefined
    const found = trimmed[position]
    if (found === undefined) return 'unexpected end of JSON input'
    return `invalid character '${found}' in literal ${literal} (expecting '${literal[position] ?? ''}')`
  }
  return /^[[{"0-9-]/.test(trimmed)
    ? undefined
    : `invalid character '${trimmed[0] ?? ''}' looking for beginning of value`
}

/** A certificate that is no PEM will not serve anybody: pkg/api/secret/warnings.go. */
function tlsWarnings({ type, data }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return []
  const certificate = decodeBase64(data?.['tls.crt'] ?? '')
  return certificate.includes('-----BEGIN ') ? [] : ['tls: failed to find any PEM data in certificate input']
}
