import { request as httpRequest } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bridge, startBridge } from './bridge.ts'
import { createPki, type KeyPair } from './certificates.ts'

const bare = { preset: 'm-k8s', masters: 1, workers: 0, workerCpu: 2, workerMemoryMiB: 2560 }

interface Who {
  readonly client?: KeyPair
  readonly token?: string
}

describe('[I3] [G1] who a client of npm run serve is', () => {
  let bridge: Bridge
  beforeAll(async () => {
    const staticTokens = { 'letme-in': { user: 'ann', groups: ['devs', 'ops'] } }
    // The controller manager makes the accounts of namespaces; there is no scheduler.
    const topology = { ...bare, components: ['apiserver', 'controller-manager'] }
    bridge = await startBridge({ port: 0, topology, seed: 1, speed: 20, staticTokens })
  })
  afterAll(() => bridge.close())

  const send = (method: string, path: string, { client, token }: Who, body?: object) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { port, pki } = bridge
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
      const shown = client ? { cert: client.certificate, key: client.key } : {}
      const options = { host: '127.0.0.1', servername: 'localhost', port, ca: pki.ca, ...shown }
      const sent = httpRequest({ ...options, method, path, headers, agent: false }, answer => {
        let text = ''
        answer.on('data', piece => (text += String(piece)))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      })
      sent.on('error', reject)
      sent.end(body && JSON.stringify(body))
    })

  const whoAmI = async (who: Who): Promise<unknown> => {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const { status, text } = await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', who, review)
    if (status !== 201) return status
    return JSON.parse(text).status.userInfo
  }

  it('is whom the certificate names, and who may do what is bound to its groups', async () => {
    const { admin } = bridge.pki
    expect(await whoAmI({ client: admin })).toMatchObject({
      username: 'kubernetes-admin',
      groups: ['kubeadm:cluster-admins', 'system:authenticated'],
    })
    const jane = await bridge.pki.issue('jane', ['viewers', 'readers'])
    expect(await whoAmI({ client: jane })).toMatchObject({
      username: 'jane',
      groups: ['viewers', 'readers', 'system:authenticated'],
    })
    expect(await send('GET', '/api/v1/nodes', { client: jane })).toMatchObject({ status: 403 })
    expect(await send('GET', '/api/v1/nodes', { client: admin })).toMatchObject({ status: 200 })
  })

  it('is whom a static token stands for', async () => {
    expect(await whoAmI({ token: 'letme-in' })).toMatchObject({
      username: 'ann',
      groups: ['devs', 'ops', 'system:authenticated'],
    })
    expect(await send('GET', '/api/v1/nodes', { token: 'letme-in' })).toMatchObject({ status: 403 })
  })

  it('is the account of a token that the server has signed', async () => {
    const { admin: client } = bridge.pki
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token'
    const { text } = await send('POST', path, { client }, body)
    const { token } = JSON.parse(text).status
    expect(await whoAmI({ token })).toMatchObject({ username: 'system:serviceaccount:default:default' })
    expect(await whoAmI({ token: `${token}x` })).toBe(401)
  })

  it('is nobody without credentials, and refused with those that nobody here has given', async () => {
    expect(await send('GET', '/livez', {})).toMatchObject({ status: 200 })
    const { status, text } = await send('GET', '/api/v1/nodes', {})
    expect(status).toBe(403)
    expect(text).toContain('User \\"system:anonymous\\" cannot list resource')
    expect(await send('GET', '/livez', { token: 'unknown' })).toMatchObject({ status: 401 })
    const stranger = await (await createPki()).issue('kubernetes-admin', ['system:masters'])
    expect(await send('GET', '/livez', { client: stranger })).toMatchObject({ status: 401 })
  })

  it('has its work done by the components that run, and by no others', async () => {
    const { admin: client } = bridge.pki
    const template = { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
    const spec = { replicas: 2, selector: { matchLabels: { app: 'd' } }, template }
    const path = '/apis/apps/v1/namespaces/default/deployments'
    expect(await send('POST', path, { client }, { metadata: { name: 'd' }, spec })).toMatchObject({ status: 201 })
    let pods: { spec: { nodeName?: string } }[] = []
    for (let tries = 0; tries < 200 && pods.length < 2; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20))
      pods = JSON.parse((await send('GET', '/api/v1/namespaces/default/pods', { client })).text).items
    }
    expect(pods.map(pod => pod.spec.nodeName)).toEqual([undefined, undefined])
  })
})
