// First of all: the client is read after this.
import '../testing/older-node.ts'
import { PassThrough, Writable } from 'node:stream'
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  Log,
  makeInformer,
  Metrics,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1Status,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiCases } from '../testing/golden-api.ts'
import { objectsIn, ownManifests } from '../testing/manifests.ts'
import { type Bridge, startBridge } from './bridge.ts'

const lab = { preset: 'm-k8s', masters: 1, workers: 1, workerCpu: 2, workerMemoryMiB: 2560 }

/** A stream that keeps what was written. */
class Kept extends Writable {
  text = ''
  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.text += piece.toString()
    done()
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await isSo()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`it did not come to pass: ${String(isSo)}`)
}

interface Sample {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name?: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
  }
}

/** Not here: kinds that a definition must make first, and what the client itself writes wrongly (x-kubernetes-…). */
const leftOut = new Set(['Widget', 'CoffeeMachine', 'CustomResourceDefinition'])

/** Kinds of our own manifests that live in namespaces, and were not recorded. */
const namespaced = new Set(['CSIStorageCapacity', 'ResourceClaim', 'ResourceClaimTemplate'])

/** One object of each built-in kind: as it was created in the recordings, else as our own manifests have it. */
function samples(): [string, Sample, boolean][] {
  const all = recorded()
  const names = new Set(all.map(([name]) => name))
  for (const object of Object.values(ownManifests()).flatMap(objectsIn)) {
    const body: unknown = object
    if (!isSample(body) || leftOut.has(body.kind)) continue
    const name = `${body.apiVersion} ${body.kind}`
    if (names.has(name)) continue
    names.add(name)
    all.push([name, body, namespaced.has(body.kind)])
  }
  return all
}

/** One object of each kind that was created in the recordings, and whether it lives in a namespace. */
function recorded(): [string, Sample, boolean][] {
  const samples = new Map<string, [Sample, boolean]>()
  for (const { steps } of apiCases('create')) {
    for (const { request, response } of steps.flatMap(step => [step, ...(step.http ?? [])])) {
      const body: unknown = request?.body
      if (request?.method !== 'POST' || response?.status !== 201 || !isSample(body) || leftOut.has(body.kind)) continue
      const name = `${body.apiVersion} ${body.kind}`
      if (!samples.has(name)) samples.set(name, [body, request.path.includes('/namespaces/')])
    }
  }
  return [...samples].map(([name, [sample, isNamespaced]]) => [name, sample, isNamespaced])
}

function isSample(body: unknown): body is Sample {
  return typeof body === 'object' && body !== null && 'kind' in body && 'apiVersion' in body && 'metadata' in body
}

describe('[I3] bridge: @kubernetes/client-node', () => {
  let bridge: Bridge
  const config = new KubeConfig()
  beforeAll(async () => {
    bridge = await startBridge({ port: 0, topology: lab, seed: 1, speed: 20 })
    config.loadFromString(bridge.kubeconfig)
    const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.29' }] } }
    await core().createNamespacedPod({ namespace: 'default', body: pod })
    await until(async () => {
      const { status } = await core().readNamespacedPod({ namespace: 'default', name: 'web' })
      return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
    })
  }, 60_000)
  afterAll(() => bridge.close())
  const core = () => config.makeApiClient(CoreV1Api)

  it.each(samples())('creates, reads, lists, changes and deletes %s', async (_name, sample, isNamespaced) => {
    const api = KubernetesObjectApi.makeApiClient(config)
    const own = isNamespaced ? { namespace: 'default' } : {}
    const { namespace: _, uid: __, resourceVersion: ___, ...metadata } = { ...sample.metadata }
    const object = { ...sample, metadata: { ...metadata, ...own, name: metadata.name ?? 'named' } }
    const created = await api.create<KubernetesObject>(object)
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/)
    const { apiVersion, kind } = object
    const header = { apiVersion, kind, metadata: { name: object.metadata.name, ...own } }
    expect((await api.read<KubernetesObject>(header)).metadata?.uid).toBe(created.metadata?.uid)
    const { items } = await api.list<KubernetesObject>(apiVersion, kind)
    expect(items.map(({ metadata: each }) => each?.uid)).toContain(created.metadata?.uid)
    const change = { ...header, metadata: { ...header.metadata, labels: { changed: 'yes' } } }
    const changed = await api.patch<KubernetesObject>(
      change,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    )
    expect(changed.metadata?.labels).toMatchObject({ changed: 'yes' })
    await api.delete(header, undefined, undefined, 0, undefined, 'Background')
  })

  it('patches in every way', async () => {
    const namespace = 'default'
    await core().createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'patched' }, data: { a: '1', b: '2' } },
    })
    const patch = async (body: object, strategy: PatchStrategy) => {
      const options = setHeaderOptions('Content-Type', strategy)
      const { data } = await core().patchNamespacedConfigMap({ name: 'patched', namespace, body }, options)
      return data
    }
    expect(await patch({ data: { b: null } }, PatchStrategy.MergePatch)).toEqual({ a: '1' })
    expect(await patch({ data: { c: '3' } }, PatchStrategy.StrategicMergePatch)).toEqual({ a: '1', c: '3' })
    const add = [{ op: 'replace', path: '/data/a', value: 'x' }]
    expect(await patch(add, PatchStrategy.JsonPatch)).toEqual({ a: 'x', c: '3' })
  })

  it('informs of what comes and goes, also after the connection was lost', async () => {
    const seen: string[] = []
    const list = () => core().listNamespacedConfigMap({ namespace: 'kube-public' })
    const informer = makeInformer(config, '/api/v1/namespaces/kube-public/configmaps', list)
    informer.on('add', ({ metadata }) => void seen.push(`add ${metadata?.name ?? ''}`))
    informer.on('delete', ({ metadata }) => void seen.push(`delete ${metadata?.name ?? ''}`))
    informer.on('error', () => void informer.start())
    await informer.start()
    const create = (name: string) =>
      core().createNamespacedConfigMap({ namespace: 'kube-public', body: { metadata: { name } } })
    await create('one')
    await until(() => seen.includes('add one'))
    bridge.live.dropConnections()
    await create('two')
    await until(() => seen.includes('add two'))
    await core().deleteNamespacedConfigMap({ namespace: 'kube-public', name: 'one' })
    await until(() => seen.includes('delete one'))
    await informer.stop()
  })

  it('runs commands with input and says how they ended', async () => {
    const run = async (command: string[], input?: string): Promise<[string, string, V1Status | undefined]> => {
      const [out, err] = [new Kept(), new Kept()]
      let status: V1Status | undefined
      const stdin = input === undefined ? null : new PassThrough()
      const socket = await new Exec(config).exec('default', 'web', 'nginx', command, out, err, stdin, false, end => {
        status = end
      })
      stdin?.end(input)
      await until(() => status !== undefined)
      socket.close()
      return [out.text, err.text, status]
    }
    const [out, err, status] = await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])
    expect([out, err]).toEqual(['out\n', 'err\n'])
    expect(status?.details?.causes).toEqual([{ reason: 'ExitCode', message: '3' }])
    expect((await run(['head', '-n', '1'], 'héllo\nworld\n'))[0]).toBe('héllo\n')
  })

  it('follows logs', async () => {
    const spec = {
      containers: [
        { name: 'c', image: 'busybox', command: ['sh', '-c', 'for i in 1 2 3 4 5 6; do echo tick; sleep 10; done'] },
      ],
    }
    await core().createNamespacedPod({ namespace: 'default', body: { metadata: { name: 'ticker' }, spec } })
    const isRunning = async () =>
      (await core().readNamespacedPod({ namespace: 'default', name: 'ticker' })).status?.phase === 'Running'
    await until(isRunning)
    const out = new Kept()
    await new Log(config).log('default', 'ticker', 'c', out, { follow: true, tailLines: 1 })
    await until(() => out.writableFinished)
    expect(out.text).toMatch(/^(tick\n){2,6}$/)
  })

  it('forwards ports', async () => {
    const out = new Kept()
    const input = new PassThrough()
    const socket = await new PortForward(config).portForward('default', 'web', [80], out, null, input)
    input.write('GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n')
    await until(() => out.text.includes('</html>'))
    expect(out.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    if (typeof socket !== 'function') socket.close()
  })

  it('reads what nodes and Pods use, once metrics-server is there', async () => {
    await expect(new Metrics(config).getNodeMetrics()).rejects.toThrow(/metrics request/)
    bridge.host.session?.input({ type: 'shell', terminal: '1', line: 'kubectl apply -f components.yaml' })
    const isServed = async (): Promise<boolean> => {
      const { items } = await new Metrics(config).getNodeMetrics().catch(() => ({ items: [] }))
      return items.length === 2
    }
    await until(isServed)
    const { items } = await new Metrics(config).getPodMetrics('default')
    const web = items.find(({ metadata }) => metadata.name === 'web')
    expect(web?.containers[0]).toMatchObject({ name: 'nginx', usage: { memory: expect.stringMatching(/^\d+[KM]i$/) } })
  }, 60_000)

  it('scales what it has deployed', async () => {
    const apps = config.makeApiClient(AppsV1Api)
    const template = { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.29' }] } }
    const spec = { replicas: 1, selector: { matchLabels: { app: 'd' } }, template }
    await apps.createNamespacedDeployment({ namespace: 'default', body: { metadata: { name: 'd' }, spec } })
    const scale = await apps.readNamespacedDeploymentScale({ name: 'd', namespace: 'default' })
    const body = { ...scale, spec: { replicas: 2 } }
    await apps.replaceNamespacedDeploymentScale({ name: 'd', namespace: 'default', body })
    await until(async () => {
      const { status } = await apps.readNamespacedDeployment({ name: 'd', namespace: 'default' })
      return status?.readyReplicas === 2
    })
  })
})
