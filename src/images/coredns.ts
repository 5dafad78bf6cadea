import { newCoreDns, unfollow } from '../node/dns/coredns.ts'
import { followersName } from '../node/proxy/followers.ts'
import type { Image } from '../node/runtime/image.ts'
import type { Process, Program } from '../node/runtime/program.ts'
import { listenOrExit } from './listening.ts'

/** From exec to open ports, in ms. */
const startUpMs = 350
/** CPU time of one query, in ms of one core. */
const queryMs = 0.1
/** `lameduck 5s` of the plugin health: a server that is asked to stop goes on serving for so long. */
const lameDuckMs = 5_000

const ports = [
  [53, 'udp'],
  [53, 'tcp'],
  [8_080, 'tcp'],
  [8_181, 'tcp'],
  [9_153, 'tcp'],
] as const

/** CoreDNS: what it answers is the business of its component (node/dns), which lives as long as the process. */
const coredns: Program = {
  init: () => ({ up: false }),
  start: process => void process.setTimer(startUpMs, 'up'),
  timer(process, data) {
    if (data === 'stop') return process.exit(0)
    if (!listenOrExit(process, ports)) return
    process.state = { up: true }
    process.startComponent(componentOf(process), 'coredns', newCoreDns(process.host.node, `pod/${process.pod.uid}`))
    process.log('.:53')
    process.log(`CoreDNS-${process.image.tag.replace(/^v/, '')}`)
    process.log('linux/amd64, go1.25.2')
  },
  serve(process, request) {
    process.work(queryMs)
    process.tell(componentOf(process), 'exchange', request)
  },
  signal(process, signal) {
    if (signal !== 'TERM' && signal !== 'INT') return
    process.log(`[INFO] SIGTERM: Shutting down servers then terminating`)
    process.log(`[INFO] plugin/health: Going into lameduck mode for 5s`)
    process.setTimer(lameDuckMs, 'stop')
  },
  usage: () => ({ cpuMillis: 3, memoryBytes: 24 * 2 ** 20 }),
  stopped(process) {
    if (!isUp(process.state)) return
    process.stopComponent(componentOf(process))
    process.tell(followersName, 'unfollow', unfollow(componentOf(process)))
  },
}

function componentOf(process: Process): string {
  return `coredns/${process.pod.uid}`
}

function isUp(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'up' in state && state.up === true
}

export const corednsImage: Image = {
  repository: 'registry.k8s.io/coredns/coredns',
  hasTag: tag => /^v1\.(\d|1[0-4])\.\d+$/.test(tag),
  sizeBytes: 22_400_000,
  entrypoint: ['/coredns'],
  programs: { '/coredns': coredns },
}
