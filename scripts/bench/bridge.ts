import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Bridge, startBridge } from '../../src/bridge/bridge.ts'
import { atLeast, median, type Row } from './row.ts'

export const name = 'bridge'

const topology = {
  ...{ preset: 'm-k8s', masters: 1, workers: 0, workerCpu: 2, workerMemoryMiB: 2560 },
  components: ['apiserver'],
}
const pods = '/api/v1/namespaces/default/pods'
const container = { name: 'web', image: 'nginx:1.25' }
const json = 'application/json'
const width = 1_000

interface Load {
  readonly method: string
  /** `$` stands for the number of the request. */
  readonly path: string
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
  readonly count: number
}

/** Requests a second of the server's processor time over HTTPS, from another process with eight connections. */
export async function run(): Promise<Row[]> {
  const bridge = await startBridge({ port: 0, topology, seed: 1, speed: 1 })
  try {
    await prepare(bridge)
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const labels = { metadata: { labels: { seen: 'yes' } } }
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'set-$' }, data: { a: '1' } }
    const get = await rates(bridge, { method: 'GET', path: `${pods}/web-$`, count: 6_000 })
    const list = await rate(bridge, { method: 'GET', path: pods, accept: table, count: 30 })
    const patch = await rate(bridge, {
      ...{ method: 'PATCH', path: `${pods}/web-$`, body: labels, type: 'application/merge-patch+json', count: 3_000 },
    })
    const apply = await rate(bridge, {
      ...{ method: 'PATCH', path: '/api/v1/namespaces/default/configmaps/set-$?fieldManager=bench' },
      ...{ body: applied, type: 'application/apply-patch+yaml', count: 3_000 },
    })
    const create = await rate(bridge, {
      ...{ method: 'POST', path: pods, body: pod({ generateName: 'more-' }), count: 2_000 },
    })
    return [
      atLeast('get a Pod over HTTPS', get.cpu, 'per CPU s', 1_500),
      { name: 'get a Pod over HTTPS, by the clock', value: get.wall, unit: 'per s' },
      { name: 'list 1,000 Pods as a Table over HTTPS', value: list, unit: 'per CPU s' },
      { name: 'patch the labels of a Pod over HTTPS', value: patch, unit: 'per CPU s' },
      { name: 'apply a ConfigMap over HTTPS', value: apply, unit: 'per CPU s' },
      { name: 'create a Pod over HTTPS', value: create, unit: 'per CPU s' },
    ]
  } finally {
    await bridge.close()
  }
}

function pod(metadata: object): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container] } }
}

async function prepare(bridge: Bridge): Promise<void> {
  await send(bridge, {
    method: 'POST',
    path: '/api/v1/namespaces/default/serviceaccounts',
    body: named('default'),
    count: 1,
  })
  await send(bridge, { method: 'POST', path: pods, body: pod({ name: 'web-$' }), count: width })
}

function named(name: string): object {
  return { metadata: { name } }
}

/** The middle of three runs. */
async function rate(bridge: Bridge, load: Load): Promise<number> {
  return (await rates(bridge, load)).cpu
}

/** By the server's processor time, and by the clock, on which the client and everything else on the machine show. */
async function rates(bridge: Bridge, load: Load): Promise<{ cpu: number; wall: number }> {
  const cpu: number[] = []
  const wall: number[] = []
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage()
    const { seconds } = await send(bridge, load)
    const { user, system } = process.cpuUsage(before)
    cpu.push(load.count / ((user + system) / 1e6))
    wall.push(load.count / seconds)
  }
  return { cpu: median(cpu), wall: median(wall) }
}

async function send(
  { port, pki }: Bridge,
  { method, path, body, type = json, accept = json, count }: Load,
): Promise<{ seconds: number }> {
  const client = spawn(process.execPath, [fileURLToPath(new URL('../lib/load.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const headers = { accept, 'content-type': type, 'user-agent': name }
  const place = { port, ca: pki.ca, cert: pki.admin.certificate, key: pki.admin.key }
  const what = { method, path, body: body === undefined ? undefined : JSON.stringify(body), headers }
  client.stdin.end(JSON.stringify({ ...place, ...what, count, width, connections: 8 }))
  const { failed, seconds }: { failed: number; seconds: number } = JSON.parse(await text(client.stdout))
  if (failed > 0) throw new Error(`${failed} of ${count} requests ${method} ${path} failed`)
  return { seconds }
}
