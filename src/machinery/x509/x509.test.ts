import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { apiCases } from '../../testing/golden-api.ts'
import { authorityCertificate, certify, clientPair, verifyClient } from './authority.ts'
import { usages } from './certificate.ts'
import { parseRequest } from './request.ts'

const begin = Date.UTC(2026, 0, 15, 9)
const dayMs = 24 * 3600 * 1000

/** What jane asks for in golden/api/create/csr.json. */
function recordedRequest(): string {
  const text = JSON.stringify(apiCases('create').find(({ id }) => id === 'create/csr'))
  return Buffer.from(/request: ([A-Za-z0-9+/=]+)/.exec(text)?.[1] ?? '', 'base64').toString()
}

describe('[G6] certificates', () => {
  it('are read and verified by others: authority, user and groups, dates, usages', () => {
    const ca = new X509Certificate(authorityCertificate())
    const admin = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] }
    const { certificate, key } = clientPair(admin)
    const read = new X509Certificate(certificate)
    expect(read.verify(ca.publicKey)).toBe(true)
    expect(read.checkIssued(ca)).toBe(true)
    expect(read.subject).toBe('O=kubeadm:cluster-admins\nCN=kubernetes-admin')
    expect(read.keyUsage).toEqual([usages.clientAuth])
    expect(ca.ca).toBe(true)
    expect(verifyClient(certificate, key, begin)).toMatchObject({
      subject: admin,
      fingerprint: read.fingerprint256.replaceAll(':', '').toLowerCase(),
    })
  })

  it('are signed for a request with its own key, the same bytes every time', () => {
    const wanted = parseRequest(recordedRequest())
    expect(wanted.subject).toEqual({ commonName: 'jane', organizations: ['developers'] })
    const times = { notBefore: begin, notAfter: begin + dayMs }
    const sign = (): string =>
      certify({ ...wanted, ...times, serial: [1, 2, 3], keyUsage: 0x80, extendedUsage: [usages.clientAuth] })
    const read = new X509Certificate(sign())
    expect(read.verify(new X509Certificate(authorityCertificate()).publicKey)).toBe(true)
    expect(read.serialNumber).toBe('010203')
    expect(sign()).toBe(sign())
  })

  it('are refused when they are over, of somebody else, altered, or come with another key', () => {
    const jane = { commonName: 'jane', organizations: [] }
    const { certificate, key } = clientPair(jane)
    const other = clientPair({ commonName: 'jim', organizations: [] })
    expect(verifyClient(certificate, key, begin + 400 * dayMs)).toBeUndefined()
    expect(verifyClient(certificate, other.key, begin)).toBeUndefined()
    expect(verifyClient('Y2VydGlmaWNhdGU=', 'a2V5', begin)).toBeUndefined()
    const [head = '', first = '', second = '', ...rest] = certificate.split('\n')
    const altered = [head, first, second.replace(/./, digit => (digit === 'A' ? 'B' : 'A')), ...rest].join('\n')
    expect(verifyClient(altered, key, begin)).toBeUndefined()
  })

  it('are not asked for by a request whose signature does not hold', () => {
    const [head = '', first = '', ...rest] = recordedRequest().split('\n')
    const altered = [head, first.replace('amFuZ', 'amFuY').replace(/BGphb/, 'BGpib'), ...rest].join('\n')
    expect(() => parseRequest(altered)).toThrow('x509: ECDSA verification failure')
    expect(() => parseRequest('hello')).toThrow('PEM block type must be CERTIFICATE REQUEST')
  })
})
