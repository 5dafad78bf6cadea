import type { HttpResponse } from '../network/exchange.ts'
import type { Image } from '../node/runtime/image.ts'
import type { Process, Program } from '../node/runtime/program.ts'
import { klog } from './klog.ts'

/** How long a control-plane program takes from exec to its first request, in ms. */
const startUpMs = 1_200

/** A program of the control plane: what its process is to the simulation. */
export interface ControlPlaneProgram {
  /** Type of its component; the component is called `<image>/<machine>`. */
  readonly type: string
  /** Ports that it serves its health on. */
  readonly ports: readonly number[]
  readonly sizeBytes: number
  readonly memoryBytes: number
  readonly cpuMillis: number
  /** The component's state at its start. */
  state(process: Process): unknown
  /** Why it cannot start, in the words that it logs; it ends then. */
  cannotStart?(process: Process): string | undefined
  /** Why it is not healthy, or undefined. Default: healthy from the moment it is up. */
  trouble?(process: Process): string | undefined
}

/**
 * An image of registry.k8s.io whose process is a component of the simulation: it comes with the container and goes with
 * it, so killing the container of kube-scheduler stops scheduling with no special case.
 */
export function controlPlaneImage(name: string, version: string, program: ControlPlaneProgram): Image {
  return {
    repository: `registry.k8s.io/${name}`,
    hasTag: tag => tag === version,
    sizeBytes: program.sizeBytes,
    entrypoint: [name],
    programs: { [name]: programOf(name, program) },
  }
}

function programOf(name: string, program: ControlPlaneProgram): Program {
  const component = (process: Process): string => `${name}/${process.host.node}`
  return {
    init: () => ({ up: false }),
    start(process) {
      process.setTimer(startUpMs)
    },
    timer(process) {
      const why = program.cannotStart?.(process)
      if (why !== undefined) {
        klog(process, 'E', 'run.go:72', `"command failed" err=${JSON.stringify(why)}`)
        process.exit(1)
        return
      }
      process.state = { up: true }
      for (const port of program.ports) process.listen(port)
      process.startComponent(component(process), program.type, program.state(process))
    },
    serve(process, request) {
      const trouble = program.trouble?.(process)
      process.respond(request, trouble === undefined ? healthy : failing(trouble), 1)
    },
    usage: () => ({ cpuMillis: program.cpuMillis, memoryBytes: program.memoryBytes }),
    stopped(process) {
      if (isUp(process.state)) process.stopComponent(component(process))
    },
  }
}

/** Who a process is in an election: its host and something that no other process is. */
export function identityOf(process: Process): string {
  return `${process.host.node}_${process.container.id.slice(0, 36)}`
}

/** Where a component finds its own process, to end it. */
export function processOf(process: Process): { readonly component: string; readonly container: string } {
  return { component: `runtime/${process.host.node}`, container: process.container.id }
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8' }
const healthy: HttpResponse = { status: 200, headers: plainText, body: 'ok' }

function failing(trouble: string): HttpResponse {
  return { status: 500, headers: plainText, body: trouble }
}

function isUp(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'up' in state && state.up === true
}
