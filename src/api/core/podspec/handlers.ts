import { type FieldError, forbidden, invalid, required } from '../../../machinery/fieldpath.ts'
import { inclusiveRangeError, isHttpHeaderName, isPortName, isPortNumber } from '../../../machinery/validation.ts'
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from '../../generated/core.v1.ts'
import { addInvalid, checkNonNegative, checkSupported } from '../../meta/checks.ts'

/** What the kubelet calls in a container: probes and life cycle hooks. */

interface Handlers extends LifecycleHandler {
  grpc?: Probe['grpc']
}

/** One handler and no more; the first of upstream's order is the one that is checked. */
function checkHandler(errors: FieldError[], path: string, handler: Handlers, gracePeriod: number): void {
  let count = 0
  const isFirst = (name: string): boolean => {
    if (count++ === 0) return true
    errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'))
    return false
  }
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  if (exec && isFirst('exec') && !exec.command?.length) errors.push(required(`${path}.exec.command`))
  if (httpGet && isFirst('httpGet')) checkHttpGet(errors, `${path}.httpGet`, httpGet)
  if (tcpSocket && isFirst('tcpSocket')) checkPort(errors, `${path}.tcpSocket.port`, tcpSocket.port)
  if (grpc && isFirst('grpc')) addInvalid(errors, `${path}.grpc.port`, grpc.port, isPortNumber(grpc.port))
  if (sleep && isFirst('sleep') && (sleep.seconds < 0 || sleep.seconds > gracePeriod)) {
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`
    errors.push(invalid(`${path}.sleep`, sleep.seconds, detail))
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
}

function checkHttpGet(
  errors: FieldError[],
  path: string,
  { path: url, port, scheme, httpHeaders }: HTTPGetAction,
): void {
  if (!url) errors.push(required(`${path}.path`))
  checkPort(errors, `${path}.port`, port)
  checkSupported(errors, `${path}.scheme`, scheme, ['HTTP', 'HTTPS'])
  for (const { name } of httpHeaders ?? []) addInvalid(errors, `${path}.httpHeaders`, name, isHttpHeaderName(name))
}

/** A port by number or by the name a container gives it. */
export function checkPort(errors: FieldError[], path: string, port: number | string | undefined): void {
  if (typeof port === 'string') addInvalid(errors, path, port, isPortName(port))
  else addInvalid(errors, path, port ?? 0, isPortNumber(port ?? 0))
}

export function checkLifecycle(errors: FieldError[], path: string, lifecycle: Lifecycle, gracePeriod: number): void {
  if (lifecycle.postStart) checkHandler(errors, `${path}.postStart`, lifecycle.postStart, gracePeriod)
  if (lifecycle.preStop) checkHandler(errors, `${path}.preStop`, lifecycle.preStop, gracePeriod)
}

function checkProbe(errors: FieldError[], path: string, probe: Probe, gracePeriod: number): void {
  checkHandler(errors, path, probe, gracePeriod)
  checkNonNegative(errors, `${path}.initialDelaySeconds`, probe.initialDelaySeconds)
  checkNonNegative(errors, `${path}.timeoutSeconds`, probe.timeoutSeconds)
  checkNonNegative(errors, `${path}.periodSeconds`, probe.periodSeconds)
  checkNonNegative(errors, `${path}.successThreshold`, probe.successThreshold)
  checkNonNegative(errors, `${path}.failureThreshold`, probe.failureThreshold)
  if (probe.terminationGracePeriodSeconds !== undefined && probe.terminationGracePeriodSeconds <= 0) {
    const field = `${path}.terminationGracePeriodSeconds`
    errors.push(invalid(field, probe.terminationGracePeriodSeconds, 'must be greater than 0'))
  }
}

/** Liveness and startup probes: one success must do, for a second would only restart the container later. */
export function checkRestartingProbe(errors: FieldError[], path: string, probe: Probe, gracePeriod: number): void {
  checkProbe(errors, path, probe, gracePeriod)
  if (probe.successThreshold !== 1)
    errors.push(invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'))
}

export function checkReadinessProbe(errors: FieldError[], path: string, probe: Probe, gracePeriod: number): void {
  checkProbe(errors, path, probe, gracePeriod)
  if (probe.terminationGracePeriodSeconds === undefined) return
  const field = `${path}.terminationGracePeriodSeconds`
  errors.push(invalid(field, probe.terminationGracePeriodSeconds, 'must not be set for readinessProbes'))
}

export const maxSecondsError = inclusiveRangeError(1, 2 ** 31 - 1)
