import type { ManagerOptions, ManagerState } from '../../client/controllers.ts'
import type { Delivered } from '../../network/exchange.ts'
import type { Image } from '../../node/runtime/image.ts'
import type { Process, Program } from '../../node/runtime/program.ts'
import { klog } from '../klog.ts'
import { accountOf } from '../service-account.ts'
import { listenOrExit, notFound, plain } from '../listening.ts'
import { componentType, newIngressController, type Routing, routingOf, type Settings } from './controller.ts'
import { serve, takeAnswer, type NginxState } from './proxying.ts'
import { byGeneration } from './routes.ts'

export interface IngressNginxOptions {
  readonly manager: ManagerOptions
  /** State of a controller component, if it runs. */
  stateOf(component: string): ManagerState | undefined
}

/** From exec to the informers' first list, and from the first configuration to nginx listening. */
const startUpMs = 900
const firstSyncMs = 1_000
/** CPU time of one request that it passes on, in ms of one core. */
const requestMs = 0.3
/** How long a controller that is asked to stop lets nginx finish (post-shutdown-grace-period). */
const shutdownMs = 10_000

const ports = [
  [80, 'tcp'],
  [443, 'tcp'],
] as const
const healthPort = 10_254

/**
 * The image of the NGINX ingress controller: one process here, which is the controller (its component `ingress-nginx/<pod
 * uid>` watches the API) and nginx (routes requests to Pods). Without a running one, Ingresses do nothing.
 */
export function ingressNginxImage({ manager, stateOf }: IngressNginxOptions): Image {
  const routes = byGeneration()
  const routing = (process: Process): Routing | undefined => {
    const state = stateOf(componentOf(process))
    return state && routingOf(state)
  }
  const program: Program<NginxState> = {
    init: () => ({ listening: false, next: {}, requests: 0 }),
    start: process => void process.setTimer(startUpMs, 'start'),
    timer(process, data) {
      if (data === 'stop') return process.exit(0)
      if (data === 'start') {
        if (!listenOrExit(process, [[healthPort, 'tcp']])) return
        log(process, 'main.go:67', 'Starting NGINX Ingress controller')
        process.startComponent(
          componentOf(process),
          componentType,
          newIngressController(manager, settingsOf(process), process.now, accountOf(process)),
        )
        process.setTimer(firstSyncMs, 'sync')
        return
      }
      if (!routing(process)?.synced) return void process.setTimer(firstSyncMs, 'sync')
      if (!listenOrExit(process, ports)) return
      process.state.listening = true
      log(process, 'controller.go:228', '"Backend successfully reloaded"')
    },
    serve(process, request) {
      if (request.port === healthPort) return answerProbe(process, request)
      const now = routing(process)
      const state = stateOf(componentOf(process))
      process.work(requestMs)
      if (now && state) serve(process, request, { cache: now.cache, servers: routes(state, now) })
      else process.respond(request, plain(503, ''), 0)
    },
    answer(process, answer) {
      const now = routing(process)
      if (now) takeAnswer(process, answer, now.cache)
    },
    signal(process, signal) {
      if (signal !== 'TERM' && signal !== 'QUIT' && signal !== 'INT') return
      log(process, 'sigterm.go:34', '"Received SIGTERM, shutting down"')
      process.setTimer(shutdownMs, 'stop')
    },
    usage: () => ({ cpuMillis: 4, memoryBytes: 95 * 2 ** 20 }),
    stopped: process => process.stopComponent(componentOf(process)),
  }
  /** `/wait-shutdown` of the preStop hook: asks the controller to stop and returns. */
  const waitShutdown: Program = { init: () => null, start: process => process.exit(0) }
  return {
    repository: 'registry.k8s.io/ingress-nginx/controller',
    hasTag: tag => /^v1\.\d+\.\d+$/.test(tag),
    sizeBytes: 104_000_000,
    entrypoint: ['/usr/bin/dumb-init', '--'],
    command: ['/nginx-ingress-controller'],
    user: 'www-data',
    exposedPorts: [80, 443],
    programs: {
      '/usr/bin/dumb-init': program,
      '/nginx-ingress-controller': program,
      '/wait-shutdown': waitShutdown,
    },
  }
}

function answerProbe(process: Process<NginxState>, request: Delivered): void {
  if (request.http?.path !== '/healthz') return process.respond(request, notFound, 1)
  const isUp = process.state.listening
  process.respond(request, isUp ? plain(200, 'ok') : plain(500, 'nginx is not running'), 1)
}

function componentOf(process: Process): string {
  return `${componentType}/${process.pod.uid}`
}

/** The program's flags: `--ingress-class=nginx` and the like. */
function settingsOf(process: Process): Settings {
  const flag = (name: string, otherwise: string): string => {
    const start = `--${name}=`
    const argument = process.argv.find(candidate => candidate.startsWith(start))
    return argument?.slice(start.length) ?? otherwise
  }
  const { namespace, name } = process.pod
  return Object.freeze({
    controllerClass: flag('controller-class', 'k8s.io/ingress-nginx'),
    ingressClass: flag('ingress-class', 'nginx'),
    watchWithoutClass: flag('watch-ingress-without-class', 'false') === 'true',
    publishService: flag('publish-service', '').replace('$(POD_NAMESPACE)', namespace),
    pod: { namespace, name },
  })
}

function log(process: Process, source: string, message: string): void {
  klog(process, 'I', source, message)
}
