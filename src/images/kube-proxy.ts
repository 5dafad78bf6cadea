import { timestamp } from '../machinery/time.ts'
import { type Follow, followersName, type Unfollow } from '../node/proxy/followers.ts'
import { proxyName } from '../node/proxy/proxy.ts'
import type { Image } from '../node/runtime/image.ts'
import type { Process, Program } from '../node/runtime/program.ts'
import { klog } from './klog.ts'
import { listenOrExit, notFound, plain } from './listening.ts'

/** From exec to the first watch. */
const startUpMs = 400
/** From a watch's delivery to rules in the kernel; a little different on every node. */
const leastLagMs = 15
const lagSpreadMs = 30
/** minSyncPeriod of kubeadm's configuration. */
const minSyncPeriodMs = 1_000

const healthPort = 10_256
const metricsPort = 10_249

/**
 * kube-proxy: while it runs, the rules in its node's kernel follow the API (node/proxy). When it ends they stay as they
 * are. Models cmd/kube-proxy and pkg/proxy/healthcheck.
 */
const kubeProxy: Program = {
  init: () => ({ startedAt: 0 }),
  start(process) {
    process.state = { startedAt: process.now }
    process.setTimer(startUpMs)
  },
  timer(process) {
    const ports = [healthPort, metricsPort].map(port => [port, 'tcp'] as const)
    if (!listenOrExit(process, ports)) return
    klog(process, 'I', 'server_linux.go:53', '"Using iptables proxy"')
    klog(process, 'I', 'server.go:677', `"Version info" version="${process.image.tag}"`)
    klog(process, 'I', 'shared_informer.go:349', '"Waiting for caches to sync" controller="service config"')
    const machine = process.host.node
    const lagMs = leastLagMs + lagSpreadMs * process.random()
    process.tell(followersName, 'follow', {
      ...{ name: proxyName(machine), machine, lagMs, periodMs: minSyncPeriodMs },
    } satisfies Follow)
  },
  serve(process, request) {
    const path = request.http?.path ?? ''
    if (request.port === healthPort && path === '/healthz') process.respond(request, health(process), 1)
    else if (path === '/healthz') process.respond(request, plain(200, 'ok'), 1)
    else if (path === '/proxyMode') process.respond(request, plain(200, 'iptables'), 1)
    else process.respond(request, notFound, 1)
  },
  usage: () => ({ cpuMillis: 2, memoryBytes: 22 * 2 ** 20 }),
  stopped(process) {
    process.tell(followersName, 'unfollow', { name: proxyName(process.host.node), keep: true } satisfies Unfollow)
  },
}

function health(process: Process): ReturnType<typeof plain> {
  const time = timestamp(process.now)
  const now = `${time.slice(0, 10)} ${time.slice(11, 19)} +0000 UTC`
  const body = `{"lastUpdated": ${JSON.stringify(now)},"currentTime": ${JSON.stringify(now)}, "nodeEligible": true}`
  return { ...plain(200, body), headers: { 'Content-Type': 'application/json' } }
}

export const kubeProxyImage: Image = {
  repository: 'registry.k8s.io/kube-proxy',
  hasTag: tag => /^v1\.\d+\.\d+$/.test(tag),
  sizeBytes: 26_000_000,
  entrypoint: ['/usr/local/bin/kube-proxy'],
  programs: { '/usr/local/bin/kube-proxy': kubeProxy },
}
