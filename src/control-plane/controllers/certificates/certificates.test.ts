import { describe, expect, it } from 'vitest'
import { CertificateSigningRequest } from '../../../api/certificates/certificatesigningrequest.ts'
import { decodeBase64 } from '../../../api/meta/base64.ts'
import { parseCertificate } from '../../../machinery/x509/certificate.ts'
import { type ControlPlane, controlPlane } from '../../../testing/control-plane.ts'
import { apiCases } from '../../../testing/golden-api.ts'
import { certificateApprover } from './approving.ts'
import { certificateCleaner } from './cleaner.ts'
import { certificateSigner } from './signing.ts'

/** What jane of developers asks for in golden/api/create/csr.json. */
const request =
  /request: ([A-Za-z0-9+/=]+)/.exec(JSON.stringify(apiCases('create').find(({ id }) => id === 'create/csr')))?.[1] ?? ''

type Usages = NonNullable<CertificateSigningRequest['spec']['usages']>

function ask(cluster: ControlPlane, usages: Usages = ['client auth']): CertificateSigningRequest {
  const spec = { request, signerName: 'kubernetes.io/kube-apiserver-client', usages, expirationSeconds: 86_400 }
  return cluster.api.create(CertificateSigningRequest, { metadata: { name: 'jane' }, spec })
}

function approve(cluster: ControlPlane, type = 'Approved'): void {
  const found = cluster.get(CertificateSigningRequest, 'jane')
  const conditions = [...(found.status.conditions ?? []), { type, status: 'True', reason: 'Test', message: '' }]
  const body = { ...found, status: { ...found.status, conditions } }
  cluster.api.send({ verb: 'update', kind: CertificateSigningRequest, name: 'jane', subresource: 'approval', body })
}

const lab = (): ControlPlane =>
  controlPlane({ controllers: [certificateSigner, certificateApprover, certificateCleaner] })

describe('[G6] CertificateSigningRequests', () => {
  it('are signed when somebody has approved them, and not before', () => {
    const cluster = lab()
    ask(cluster)
    cluster.runFor(10_000)
    expect(cluster.get(CertificateSigningRequest, 'jane').status.certificate).toBeUndefined()
    approve(cluster)
    cluster.runFor(10_000)
    const { certificate = '', conditions } = cluster.get(CertificateSigningRequest, 'jane').status
    expect(parseCertificate(decodeBase64(certificate))).toMatchObject({
      subject: { commonName: 'jane', organizations: ['developers'] },
      issuer: { commonName: 'kubernetes' },
    })
    expect(conditions).toMatchObject([{ type: 'Approved', lastTransitionTime: expect.any(String) }])
    cluster.runFor(3 * 3_600_000)
    expect(cluster.api.find(CertificateSigningRequest, 'jane'), 'it is cleaned away').toBeUndefined()
  })

  it('fail when they ask for what their signer does not give', () => {
    const cluster = lab()
    ask(cluster, ['server auth'])
    approve(cluster)
    cluster.runFor(10_000)
    expect(cluster.get(CertificateSigningRequest, 'jane').status).toMatchObject({
      conditions: [{ type: 'Approved' }, { type: 'Failed', reason: 'SignerValidationFailure' }],
    })
  })

  it('cannot be approved and denied, nor by somebody who may not for the signer', () => {
    const cluster = lab()
    ask(cluster)
    approve(cluster, 'Denied')
    expect(() => approve(cluster)).toThrow('Approved and Denied conditions are mutually exclusive')
    const jane = { name: 'jane', groups: ['system:authenticated'] }
    const { authorizer, options } = cluster.server.server
    const may = { user: jane, verb: 'approve', group: 'certificates.k8s.io', resource: 'signers', name: 'x' }
    expect(authorizer.authorize(may, options.etcd()).allowed).toBe(false)
  })
})
