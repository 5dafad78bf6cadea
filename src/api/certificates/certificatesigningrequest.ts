import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { decodeBase64 } from '../meta/base64.ts'
import type { CertificateSigningRequest as Model } from '../generated/certificates.v1.ts'
import { humanDuration } from '../meta/age.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type CertificateSigningRequest = Model

/** Strategy: pkg/registry/certificates/certificates/strategy.go. */
export const CertificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  subresources: ['approval', 'status'],
  countsGenerations: false,

  // Who asks is what the server saw, not what the request says.
  prepareForCreate(draft, { user }) {
    const { request, signerName, expirationSeconds, usages } = draft.spec
    draft.spec = {
      request,
      signerName,
      ...(expirationSeconds !== undefined && { expirationSeconds }),
      ...(usages && { usages }),
      username: user.name,
      ...(user.uid !== undefined && { uid: user.uid }),
      groups: [...user.groups],
      ...(user.extra && {
        extra: Object.fromEntries(Object.entries(user.extra).map(([key, list]) => [key, [...list]])),
      }),
    }
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.spec = old.spec
    draft.status = old.status
  },

  // Approval is a subresource of its own, so a signer cannot approve.
  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    if (!decodeBase64(spec.request ?? '').includes('-----BEGIN CERTIFICATE REQUEST-----')) {
      errors.push(invalid('spec.request', spec.request ?? null, 'PEM block type must be CERTIFICATE REQUEST'))
    }
    if (!spec.usages?.length) errors.push(required('spec.usages'))
    if (!spec.signerName) errors.push(required('spec.signerName'))
    if (spec.expirationSeconds !== undefined && spec.expirationSeconds < 600) {
      errors.push(
        invalid(
          'spec.expirationSeconds',
          spec.expirationSeconds,
          'may not specify a duration less than 600 seconds (10 minutes)',
        ),
      )
    }
    return errors
  },

  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },

  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName', cell: ({ spec }) => spec.signerName || '<none>' },
    { name: 'Requestor', cell: ({ spec }) => spec.username ?? '' },
    { name: 'RequestedDuration', cell: requestedDuration },
    { name: 'Condition', cell: requestCondition },
  ],
})

function requestedDuration({ spec: { expirationSeconds } }: CertificateSigningRequest): string {
  return expirationSeconds === undefined ? '<none>' : humanDuration(expirationSeconds * 1000)
}

/** `Approved,Issued`. */
export function requestCondition({ status }: CertificateSigningRequest): string {
  const types = new Set(status.conditions?.map(({ type }) => type))
  const words = [types.has('Approved') ? 'Approved' : types.has('Denied') ? 'Denied' : 'Pending']
  if (types.has('Failed')) words.push('Failed')
  if (status.certificate) words.push('Issued')
  return words.join(',')
}
