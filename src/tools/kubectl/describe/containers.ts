import { compareBytes } from '../../../machinery/go-text.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, mapAt, numberAt, objectsAt, textAt, textOf, textsAt } from '../unstructured.ts'
import { longTime, orNone, sortedEntries, titleBool } from './sections.ts'
import { resourceValue } from './container-resources.ts'
import type { Page } from './page.ts'

/** Containers of a Pod with their statuses, or of a template, which is indented and has none. */
export function writeContainers(
  page: Page,
  title: string,
  containers: readonly JsonObject[],
  { space = '', statuses = [], pod }: { space?: string; statuses?: readonly JsonObject[]; pod?: JsonObject } = {},
): void {
  page.line(0, `${space}${title}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name)
    page.line(1, `${space === '' ? '' : ' '}${textAt(container, 'name')}:`)
    writeBasics(page, container, status)
    writeWords(page, 'Command', textsAt(container, 'command'))
    writeWords(page, 'Args', textsAt(container, 'args'))
    if (status) writeStatus(page, status)
    writeResources(page, container.resources, 2)
    for (const [name, probe] of [
      ['Liveness', 'livenessProbe'],
      ['Readiness', 'readinessProbe'],
      ['Startup', 'startupProbe'],
    ] as const) {
      if (isObject(container[probe])) page.line(2, `${name}:\t${probeText(container[probe])}`)
    }
    writeEnvironment(page, container, pod)
    writeMounts(page, container)
  }
}

function writeBasics(page: Page, container: JsonObject, status: JsonObject | undefined): void {
  if (status) page.line(2, `Container ID:\t${textAt(status, 'containerID')}`)
  page.line(2, `Image:\t${textAt(container, 'image')}`)
  if (status) page.line(2, `Image ID:\t${textAt(status, 'imageID')}`)
  for (const [title, member] of [
    ['Port', 'containerPort'],
    ['Host Port', 'hostPort'],
  ] as const) {
    const ports = objectsAt(container, 'ports').map(port => {
      const text = `${numberAt(port, member)}/${textAt(port, 'protocol')}`
      return textAt(port, 'name') === '' ? text : `${text} (${textAt(port, 'name')})`
    })
    page.line(2, ports.length > 1 ? `${title}s:\t${ports.join(', ')}` : `${title}:\t${orNone(ports.join(''))}`)
  }
  const profile = textAt(container, 'securityContext', 'seccompProfile', 'type')
  if (profile !== '') page.line(2, `SeccompProfile:\t${profile}`)
}

function writeWords(page: Page, title: string, words: readonly string[]): void {
  if (words.length === 0) return
  page.line(2, `${title}:`)
  for (const word of words) for (const line of word.split('\n')) page.line(3, line)
}

function writeStatus(page: Page, status: JsonObject): void {
  writeState(page, 'State', status.state)
  if (isObject(at(status, 'lastState', 'terminated'))) writeState(page, 'Last State', status.lastState)
  page.line(2, `Ready:\t${titleBool(status.ready)}`)
  page.line(2, `Restart Count:\t${numberAt(status, 'restartCount')}`)
}

function writeState(page: Page, title: string, state: unknown): void {
  const [running, waiting, ended] = [at(state, 'running'), at(state, 'waiting'), at(state, 'terminated')]
  if (isObject(running)) {
    page.line(2, `${title}:\tRunning`)
    page.line(3, `Started:\t${longTime(textAt(running, 'startedAt'))}`)
  } else if (isObject(ended) && !isObject(waiting)) {
    page.line(2, `${title}:\tTerminated`)
    for (const name of ['Reason', 'Message']) {
      const text = textAt(ended, name.toLowerCase())
      if (text !== '') page.line(3, `${name}:\t${text}`)
    }
    page.line(3, `Exit Code:\t${numberAt(ended, 'exitCode')}`)
    if (numberAt(ended, 'signal') > 0) page.line(3, `Signal:\t${numberAt(ended, 'signal')}`)
    page.line(3, `Started:\t${longTime(textAt(ended, 'startedAt'))}`)
    page.line(3, `Finished:\t${longTime(textAt(ended, 'finishedAt'))}`)
  } else {
    page.line(2, `${title}:\tWaiting`)
    if (textAt(waiting, 'reason') !== '') page.line(3, `Reason:\t${textAt(waiting, 'reason')}`)
  }
}

export function writeResources(page: Page, resources: unknown, level: number): void {
  for (const [title, member] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const entries = sortedEntries(at(resources, member))
    if (entries.length > 0) page.line(level, `${title}:`)
    for (const [name, quantity] of entries) page.line(level + 1, `${name}:\t${quantity}`)
  }
}

/** `http-get http://:80/healthz delay=0s timeout=1s …`. */
export function probeText(probe: JsonObject): string {
  const number = (name: string): number => numberAt(probe, name)
  const numbers = [
    `delay=${number('initialDelaySeconds')}s timeout=${number('timeoutSeconds')}s period=${number('periodSeconds')}s`,
    `#success=${number('successThreshold')} #failure=${number('failureThreshold')}`,
  ].join(' ')
  if (isObject(probe.exec)) return `exec [${textsAt(probe.exec, 'command').join(' ')}] ${numbers}`
  if (isObject(probe.httpGet)) {
    const { httpGet } = probe
    const path = textAt(httpGet, 'path')
    const place = `${textAt(httpGet, 'host')}:${textAt(httpGet, 'port')}`
    const slash = path === '' || path.startsWith('/') ? '' : '/'
    return `http-get ${textAt(httpGet, 'scheme').toLowerCase()}://${place}${slash}${path} ${numbers}`
  }
  if (isObject(probe.tcpSocket))
    return `tcp-socket ${textAt(probe.tcpSocket, 'host')}:${textAt(probe.tcpSocket, 'port')} ${numbers}`
  if (isObject(probe.grpc))
    return `grpc <pod>:${numberAt(probe.grpc, 'port')} ${textAt(probe.grpc, 'service')} ${numbers}`
  return `unknown ${numbers}`
}

function writeEnvironment(page: Page, container: JsonObject, pod: JsonObject | undefined): void {
  const sources = objectsAt(container, 'envFrom')
  if (sources.length > 0) page.line(2, 'Environment Variables from:')
  for (const source of sources) {
    const isSecret = !isObject(source.configMapRef) && isObject(source.secretRef)
    const reference = isSecret ? source.secretRef : source.configMapRef
    const prefix = textAt(source, 'prefix')
    const what = `${isSecret ? 'Secret' : 'ConfigMap'}${prefix === '' ? '' : ` with prefix '${prefix}'`}`
    page.line(3, `${textAt(reference, 'name')}\t${what}\tOptional: ${at(reference, 'optional') === true}`)
  }
  const variables = objectsAt(container, 'env')
  page.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`)
  for (const variable of variables) writeVariable(page, variable, container, pod)
}

function writeVariable(page: Page, variable: JsonObject, container: JsonObject, pod: JsonObject | undefined): void {
  const name = textAt(variable, 'name')
  const { valueFrom } = variable
  if (!isObject(valueFrom)) {
    for (const [index, line] of textAt(variable, 'value').split('\n').entries())
      page.line(3, `${index === 0 ? `${name}:` : ''}\t${line}`)
    return
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (isObject(fieldRef)) {
    const path = textAt(fieldRef, 'fieldPath')
    const value = pod ? fieldValue(pod, path) : ''
    page.line(3, `${name}:\t${value} (${textAt(fieldRef, 'apiVersion')}:${path})`)
  } else if (isObject(resourceFieldRef)) {
    const resource = textAt(resourceFieldRef, 'resource')
    page.line(3, `${name}:\t${resourceValue(container, resource, textAt(resourceFieldRef, 'divisor'))} (${resource})`)
  } else if (isObject(secretKeyRef)) {
    const set = `<set to the key '${textAt(secretKeyRef, 'key')}' in secret '${textAt(secretKeyRef, 'name')}'>`
    page.line(3, `${name}:\t${set}\tOptional: ${secretKeyRef.optional === true}`)
  } else if (isObject(configMapKeyRef)) {
    const set = `<set to the key '${textAt(configMapKeyRef, 'key')}' of config map '${textAt(configMapKeyRef, 'name')}'>`
    page.line(3, `${name}:\t${set}\tOptional: ${configMapKeyRef.optional === true}`)
  }
}

/** What the downward API gives for a field. Status and spec are not looked up: kubectl only knows metadata. */
function fieldValue(pod: JsonObject, path: string): string {
  const key = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (key) return mapAt(pod, 'metadata', key[1] ?? '')[key[2] ?? ''] ?? ''
  return /^metadata\.(?:name|namespace|uid)$/.test(path) ? textAt(pod, ...path.split('.')) : ''
}

function writeMounts(page: Page, container: JsonObject): void {
  const mounts = [...objectsAt(container, 'volumeMounts')].sort((a, b) =>
    compareBytes(textAt(a, 'mountPath'), textAt(b, 'mountPath')),
  )
  page.line(2, `Mounts:${mounts.length === 0 ? '\t<none>' : ''}`)
  for (const mount of mounts) {
    const path = textAt(mount, 'subPath')
    const marks = [mount.readOnly === true ? 'ro' : 'rw', ...(path === '' ? [] : [`path=${JSON.stringify(path)}`])]
    page.line(3, `${textOf(mount.mountPath)} from ${textOf(mount.name)} (${marks.join(',')})`)
  }
  const devices = objectsAt(container, 'volumeDevices')
  if (devices.length > 0) page.line(2, `Devices:${mounts.length === 0 ? '\t<none>' : ''}`)
  for (const device of devices) page.line(3, `${textOf(device.devicePath)} from ${textOf(device.name)}`)
}
