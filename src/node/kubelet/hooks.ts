import type { Container } from '../../api/core/pod.ts'
import type { LifecycleHandler } from '../../api/generated/core.v1.ts'
import type { Answer } from '../../network/exchange.ts'
import type { CriResult } from '../cri/cri.ts'
import { callRuntime, type Kubelet } from './context.ts'
import { openHttp, portNumber } from './http.ts'
import type { PodWorker } from './state.ts'

export type HookKind = 'postStart' | 'preStop'

/** Data of the event `hook`: a hook that sleeps is over. */
export interface HookEvent {
  readonly uid: string
  readonly container: string
  readonly kind: HookKind
}

/**
 * Runs what a container's lifecycle asks for, inside the container or by a request to it. Returns whether there is
 * something to wait for. Models pkg/kubelet/lifecycle/handlers.go.
 */
export function runHook(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  handler: LifecycleHandler,
  kind: HookKind,
): boolean {
  const { uid } = worker
  const containerId = worker.containers.get(container.name)?.id
  if (containerId === undefined) return false
  if (handler.exec) {
    const request = { call: 'ExecSync', containerId, command: handler.exec.command, timeoutSeconds: 0 } as const
    callRuntime(kubelet, request, { uid, purpose: 'hook', container: container.name, probe: kind })
    return true
  }
  const event: HookEvent = { uid, container: container.name, kind }
  if (handler.sleep) {
    kubelet.self.schedule(handler.sleep.seconds * 1_000, 'hook', event)
    return true
  }
  const http = handler.httpGet
  const host = http?.host || worker.sandbox?.addresses[0]
  if (!http || host === undefined) return false
  openHttp(kubelet, { http, host, port: portNumber(container, http.port), timeoutMs: 30_000, tag: { hook: event } })
  return true
}

/** Why an exec hook failed, or undefined when it did not. */
export function execHookError(command: string, result: CriResult): string | undefined {
  if (!result.ok) return result.error
  const { exitCode = 0, output = '' } = result.value
  if (exitCode === 0) return undefined
  return `Exec lifecycle hook (${command}) failed - error: command exited with ${exitCode}: , message: "${output}"`
}

export function httpHookError(answer: Answer): string | undefined {
  return answer.ok ? undefined : `HTTP lifecycle hook failed: ${answer.failure}`
}
