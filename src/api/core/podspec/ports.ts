import { duplicate, type FieldError, invalid, required } from '../../../machinery/fieldpath.ts'
import { isPortName, isPortNumber } from '../../../machinery/validation.ts'
import type { Container, ContainerPort } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'

/** Ports of containers: validateContainerPorts and checkHostPortConflicts of core validation. */

const protocols = ['SCTP', 'TCP', 'UDP']

export function checkPorts(errors: FieldError[], path: string, ports: readonly ContainerPort[]): void {
  const names = new Set<string>()
  for (let i = 0; i < ports.length; i++) {
    const port = ports[i]
    if (!port) continue
    const at = `${path}[${i}]`
    if (port.name) {
      const wrong = isPortName(port.name)
      if (wrong.length > 0) addInvalid(errors, `${at}.name`, port.name, wrong)
      else if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
      else names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`))
    else addInvalid(errors, `${at}.containerPort`, port.containerPort, isPortNumber(port.containerPort))
    if (port.hostPort) addInvalid(errors, `${at}.hostPort`, port.hostPort, isPortNumber(port.hostPort))
    if (port.protocol) checkSupported(errors, `${at}.protocol`, port.protocol, protocols)
    else errors.push(required(`${at}.protocol`))
  }
}

/** One port of the host can be taken once: all containers of the Pod share the host's addresses. */
export function checkHostPorts(
  errors: FieldError[],
  path: string,
  containers: readonly Container[],
  only?: string,
): void {
  let taken: Set<string> | undefined
  for (let i = 0; i < containers.length; i++) {
    const ports = containers[i]?.ports
    if (!ports) continue
    for (let j = 0; j < ports.length; j++) {
      const port = ports[j]
      if (!port?.hostPort) continue
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`
      taken ??= new Set()
      if (taken.has(key)) errors.push(duplicate(`${only ?? `${path}[${i}]`}.ports[${j}].hostPort`, key))
      taken.add(key)
    }
  }
}

/** With the host's network a container listens on the host itself, so a different host port could not be honoured. */
export function checkHostNetworkPorts(errors: FieldError[], path: string, containers: readonly Container[]): void {
  containers.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort, containerPort }, j) => {
      if (!hostPort || hostPort === containerPort) return
      const detail = 'must match `containerPort` when `hostNetwork` is true'
      errors.push(invalid(`${path}[${i}].ports[${j}].hostPort`, hostPort, detail))
    })
  })
}
