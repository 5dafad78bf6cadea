/** Groups of Kubernetes itself need an approval: apiextensions-apiserver/pkg/apihelpers/helpers.go. */

export interface Approval {
  readonly state: 'missing' | 'invalid' | 'approved' | 'bypassed'
  readonly reason: string
  readonly value: string
}

const annotation = 'api-approved.kubernetes.io'
const see = 'see https://github.com/kubernetes/enhancements/pull/1111'

export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s|kubernetes)\.io$/.test(group)
}

export function approvalOf(annotations: Readonly<Record<string, string>> | undefined): Approval {
  const value = annotations?.[annotation] ?? ''
  if (value === '') {
    return { state: 'missing', value, reason: `protected groups must have approval annotation "${annotation}", ${see}` }
  }
  if (value.startsWith('unapproved'))
    return { state: 'bypassed', value, reason: `not approved: ${JSON.stringify(value)}` }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(value)) return { state: 'approved', value, reason: `approved in ${value}` }
  const reason = `protected groups must have approval annotation "${annotation}" with either a URL or a reason starting with "unapproved", ${see}`
  return { state: 'invalid', value, reason }
}
