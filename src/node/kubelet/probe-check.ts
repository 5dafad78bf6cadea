import type { Container } from '../../api/core/pod.ts'
import type { Probe } from '../../api/generated/core.v1.ts'
import type { Answer, OpenExchange } from '../../network/exchange.ts'
import type { CriResult } from '../cri/cri.ts'
import { callRuntime, isHostNetwork, type Kubelet } from './context.ts'
import { openHttp, portNumber, urlOf } from './http.ts'
import type { PodWorker } from './state.ts'

export interface ProbeOutcome {
  readonly result: 'success' | 'failure' | 'unknown'
  /** As the event and the trace tell it. */
  readonly output: string
}

/** What comes back with a probe's answer from the network. */
export interface ProbeTag {
  readonly probe: { readonly uid: string; readonly key: string; readonly number: number; readonly target: string }
}

interface Asked {
  readonly key: string
  readonly number: number
}

/** Asks a container how it is, by one of the four ways: pkg/probe/{exec,http,tcp,grpc}. The answer comes later. */
export function ask(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  probe: Probe,
  containerId: string,
  { key, number }: Asked,
): void {
  const { uid } = worker
  const { exec, httpGet, tcpSocket, grpc, timeoutSeconds } = probe
  if (exec) {
    const request = { call: 'ExecSync', containerId, command: exec.command, timeoutSeconds } as const
    callRuntime(kubelet, request, { uid, purpose: 'probe', probe: `${key} ${number}` })
    return
  }
  const own = isHostNetwork(worker.pod) ? kubelet.state.config.addresses[0] : worker.sandbox?.addresses[0]
  const host = (httpGet?.host || tcpSocket?.host || own) ?? ''
  const port = portNumber(container, httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? 0)
  const timeoutMs = timeoutSeconds * 1_000
  const target = httpGet ? urlOf(httpGet, host, port) : `${host}:${port}`
  const tag: ProbeTag = { probe: { uid, key, number, target } }
  if (httpGet) {
    openHttp(kubelet, { http: httpGet, host, port, timeoutMs, tag, userAgent: 'kube-probe/1.36' })
    return
  }
  const open: OpenExchange = {
    from: kubelet.state.config.nodeName,
    protocol: 'tcp',
    ...{ host, port, timeoutMs },
    ...(grpc && { payload: { grpc: grpc.service } }),
    replyTo: { component: kubelet.self.name, tag },
  }
  kubelet.self.send('network', 0, 'open', open)
}

/** What an answer from the network means, in the words of Go's net/http and net. */
export function networkOutcome(answer: Answer, target: string): ProbeOutcome {
  const isHttp = target.includes('://')
  if (answer.ok) return isHttp ? httpOutcome(answer.http?.status ?? 0) : { result: 'success', output: '' }
  const address = isHttp ? (target.split('/')[2] ?? target) : target
  const dial = `dial tcp ${address}: ${dialFailure(answer.failure)}`
  if (!isHttp) return { result: 'failure', output: dial }
  if (answer.failure === 'timed out' || answer.failure === 'connect timed out') {
    const why =
      answer.failure === 'timed out'
        ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        : `${dial} (Client.Timeout exceeded while awaiting headers)`
    return { result: 'failure', output: `Get "${target}": ${why}` }
  }
  const why = answer.failure === 'reset' ? 'EOF' : dial
  return { result: 'failure', output: `Get "${target}": ${why}` }
}

function httpOutcome(status: number): ProbeOutcome {
  if (status >= 200 && status < 400)
    return { result: 'success', output: `HTTP probe succeeded with statuscode: ${status}` }
  return { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` }
}

function dialFailure(failure: (Answer & { ok: false })['failure']): string {
  switch (failure) {
    case 'connection refused':
      return 'connect: connection refused'
    case 'no route':
      return 'connect: no route to host'
    case 'name not resolved':
      return 'lookup: no such host'
    case 'reset':
      return 'connect: connection reset by peer'
    case 'connect timed out':
    case 'timed out':
      return 'i/o timeout'
  }
}

/** What the end of a command in the container means. */
export function execOutcome(result: CriResult): ProbeOutcome {
  if (!result.ok)
    return {
      result: 'unknown',
      output: `rpc error: code = Unknown desc = failed to exec in container: ${result.error}`,
    }
  const { exitCode = 0, output = '' } = result.value
  return { result: exitCode === 0 ? 'success' : 'failure', output }
}
