import { isObject } from '../../../machinery/json-value.ts'
import { at, mapAt, nameOf, namespaceOf, numberAt, objectsAt, textAt } from '../unstructured.ts'
import {
  controlledBy,
  type Describer,
  longTime,
  since,
  tolerationLines,
  writeEvents,
  writeList,
  writeMap,
  writeMarks,
} from './sections.ts'
import { writeContainers, writeResources } from './containers.ts'
import { writeSpread } from './pod-template.ts'
import type { Page } from './page.ts'
import { qosOf } from './qos.ts'
import { writeVolumes } from './volumes.ts'

export const describePod: Describer = (page, pod, describing) => {
  const { spec, status } = pod
  writeHead(page, pod)
  writeMarks(page, pod)
  const deleted = textAt(pod, 'metadata', 'deletionTimestamp')
  const phase = textAt(status, 'phase')
  if (deleted !== '' && phase !== 'Failed' && phase !== 'Succeeded') {
    page.line(0, `Status:\tTerminating (lasts ${since(deleted, describing.now)})`)
    page.line(0, `Termination Grace Period:\t${numberAt(pod, 'metadata', 'deletionGracePeriodSeconds')}s`)
  } else page.line(0, `Status:\t${phase}`)
  for (const [title, text] of [
    ['Reason', textAt(status, 'reason')],
    ['Message', textAt(status, 'message')],
    ['SeccompProfile', textAt(spec, 'securityContext', 'seccompProfile', 'type')],
  ] as const) {
    if (text !== '') page.line(0, `${title}:\t${text}`)
  }
  page.line(0, `IP:\t${textAt(status, 'podIP')}`)
  const addresses = objectsAt(status, 'podIPs')
  page.line(0, addresses.length === 0 ? 'IPs:\t<none>' : 'IPs:')
  for (const address of addresses) page.line(1, `IP:\t${textAt(address, 'ip')}`)
  const owner = controlledBy(pod)
  if (owner !== '') page.line(0, `Controlled By:\t${owner}`)
  const nominated = textAt(status, 'nominatedNodeName')
  if (nominated !== '') page.line(0, `NominatedNodeName:\t${nominated}`)
  if (isObject(at(spec, 'resources'))) {
    page.line(0, 'Resources:')
    writeResources(page, at(spec, 'resources'), 1)
  }
  for (const [title, member, statuses] of [
    ['Init Containers', 'initContainers', 'initContainerStatuses'],
    ['Containers', 'containers', 'containerStatuses'],
    ['Ephemeral Containers', 'ephemeralContainers', 'ephemeralContainerStatuses'],
  ] as const) {
    const containers = objectsAt(spec, member)
    if (containers.length === 0 && member !== 'containers') continue
    writeContainers(page, title, containers, { statuses: objectsAt(status, statuses), pod })
  }
  writeConditions(page, pod)
  writeVolumes(page, objectsAt(spec, 'volumes'), '')
  page.line(0, `QoS Class:\t${textAt(status, 'qosClass') || qosOf(pod)}`)
  writeMap(page, 'Node-Selectors', mapAt(spec, 'nodeSelector'))
  writeList(page, 'Tolerations', tolerationLines(objectsAt(spec, 'tolerations')))
  writeSpread(page, spec, '')
  writeEvents(page, pod, describing)
}

function writeHead(page: Page, pod: Parameters<Describer>[1]): void {
  const { spec, status } = pod
  page.line(0, `Name:\t${nameOf(pod)}`)
  page.line(0, `Namespace:\t${namespaceOf(pod)}`)
  if (at(spec, 'priority') !== undefined) page.line(0, `Priority:\t${numberAt(spec, 'priority')}`)
  for (const [title, member] of [
    ['Priority Class Name', 'priorityClassName'],
    ['Runtime Class Name', 'runtimeClassName'],
    ['Service Account', 'serviceAccountName'],
  ] as const) {
    const text = textAt(spec, member)
    if (text !== '') page.line(0, `${title}:\t${text}`)
  }
  const node = textAt(spec, 'nodeName')
  page.line(0, `Node:\t${node === '' ? '<none>' : `${node}/${textAt(status, 'hostIP')}`}`)
  const started = textAt(status, 'startTime')
  if (started !== '') page.line(0, `Start Time:\t${longTime(started)}`)
}

function writeConditions(page: Page, pod: Parameters<Describer>[1]): void {
  const conditions = objectsAt(pod, 'status', 'conditions')
  const gates = objectsAt(pod, 'spec', 'readinessGates').map(gate => textAt(gate, 'conditionType'))
  if (gates.length > 0) {
    page.line(0, 'Readiness Gates:')
    page.line(1, 'Type\tStatus')
    for (const gate of gates) {
      const condition = conditions.find(({ type }) => type === gate)
      page.line(1, `${gate} \t${condition ? textAt(condition, 'status') : '<none>'} `)
    }
  }
  if (conditions.length === 0) return
  page.line(0, 'Conditions:')
  page.line(1, 'Type\tStatus')
  for (const condition of conditions) page.line(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')} `)
}
