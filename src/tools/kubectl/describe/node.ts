import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { add, formatQuantity, milliValue, type Quantity, value, zero } from '../../../machinery/quantity.ts'
import { attempt } from '../../../machinery/status.ts'
import { at, fields, mapAt, nameOf, namespaceOf, objectsAt, textAt, textOf, textsAt } from '../unstructured.ts'
import {
  type Describer,
  type Describing,
  eventsOf,
  longTime,
  since,
  sortedEntries,
  writeEventList,
  writeList,
  writeMarks,
} from './sections.ts'
import type { Page } from './page.ts'
import { podAmounts } from './pod-amounts.ts'

export const describeNode: Describer = (page, node, describing) => {
  const { spec, status } = node
  page.line(0, `Name:\t${nameOf(node)}`)
  page.line(0, `Roles:\t${rolesOf(node)}`)
  writeMarks(page, node)
  page.line(0, `CreationTimestamp:\t${longTime(textAt(node, 'metadata', 'creationTimestamp'))}`)
  writeList(page, 'Taints', taintsOf(node))
  page.line(0, `Unschedulable:\t${at(spec, 'unschedulable') === true}`)
  writeLease(page, nameOf(node), describing)
  writeConditions(page, node)
  page.line(0, 'Addresses:')
  for (const address of objectsAt(status, 'addresses'))
    page.line(1, `${textAt(address, 'type')}:\t${textAt(address, 'address')}`)
  for (const [title, member] of [
    ['Capacity', 'capacity'],
    ['Allocatable', 'allocatable'],
  ] as const) {
    const entries = sortedEntries(at(status, member))
    if (entries.length > 0) page.line(0, `${title}:`)
    for (const [name, amount] of entries) page.line(1, `${name}:\t${amount}`)
  }
  page.line(0, 'System Info:')
  for (const [title, member] of systemInfo) page.line(1, `${title}:\t${textAt(status, 'nodeInfo', member)}`)
  if (textAt(spec, 'podCIDR') !== '') page.line(0, `PodCIDR:\t${textAt(spec, 'podCIDR')}`)
  if (textsAt(spec, 'podCIDRs').length > 0) page.line(0, `PodCIDRs:\t${textsAt(spec, 'podCIDRs').join(',')}`)
  if (textAt(spec, 'providerID') !== '') page.line(0, `ProviderID:\t${textAt(spec, 'providerID')}`)
  writePods(page, node, describing)
  if (describing.showEvents) {
    // Kubelets report with the Node's name for its uid, controllers with the uid.
    const events = [...eventsOf(node, describing, nameOf(node)), ...eventsOf(node, describing)]
    writeEventList(page, events, describing.now)
  }
}

const systemInfo = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
] as const

function rolesOf(node: JsonObject): string {
  const roles = Object.entries(mapAt(node, 'metadata', 'labels')).flatMap(([key, text]) => {
    if (key.startsWith('node-role.kubernetes.io/')) return [key.slice(24)]
    return key === 'kubernetes.io/role' && text !== '' ? [text] : []
  })
  return [...new Set(roles.filter(role => role !== ''))].sort(compareBytes).join(',') || '<none>'
}

function taintsOf(node: JsonObject): readonly string[] {
  const order = (taint: JsonObject): string => `${textAt(taint, 'effect')},${textAt(taint, 'key')}`
  return [...objectsAt(node, 'spec', 'taints')]
    .sort((a, b) => compareBytes(order(a), order(b)))
    .map(taint => {
      const text = textAt(taint, 'value')
      return `${textAt(taint, 'key')}${text === '' ? '' : `=${text}`}:${textAt(taint, 'effect')}`
    })
}

function writeLease(page: Page, name: string, { client }: Describing): void {
  let lease: JsonObject = {}
  const failure = attempt(() => {
    lease = client.get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`)
  })
  if (failure) return page.line(0, `Lease:\tFailed to get lease: ${failure.message}`)
  const time = (member: string): string => {
    const text = textAt(lease, 'spec', member)
    return text === '' ? '<unset>' : longTime(text)
  }
  page.line(0, 'Lease:')
  page.line(1, `HolderIdentity:\t${textAt(lease, 'spec', 'holderIdentity') || '<unset>'}`)
  page.line(1, `AcquireTime:\t${time('acquireTime')}`)
  page.line(1, `RenewTime:\t${time('renewTime')}`)
}

function writeConditions(page: Page, { status }: JsonObject): void {
  const conditions = objectsAt(status, 'conditions')
  if (conditions.length === 0) return
  page.line(0, 'Conditions:')
  page.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
  page.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const condition of conditions) {
    const text = (member: string): string => textAt(condition, member)
    const times = [longTime(text('lastHeartbeatTime')), longTime(text('lastTransitionTime'))]
    page.line(1, [text('type'), text('status'), ...times, text('reason'), text('message')].join(' \t'))
  }
}

/** The Pods that have not ended, what they ask for, and how much of the Node that is. */
function writePods(page: Page, node: JsonObject, { client, now }: Describing): void {
  const fieldSelector = `spec.nodeName=${nameOf(node)},status.phase!=Failed,status.phase!=Succeeded`
  const pods = objectsAt(client.get('/api/v1/pods', { query: { fieldSelector, limit: 500 } }), 'items')
  const allocatable = fields(at(node, 'status', 'allocatable') ?? at(node, 'status', 'capacity'))
  page.line(0, `Non-terminated Pods:\t(${pods.length} in total)`)
  page.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  page.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  const totals = { requests: new Map<string, Quantity>(), limits: new Map<string, Quantity>() }
  for (const pod of pods) {
    const amounts = { requests: podAmounts(pod, 'requests'), limits: podAmounts(pod, 'limits') }
    for (const sort of ['requests', 'limits'] as const) {
      for (const [name, amount] of amounts[sort]) totals[sort].set(name, add(totals[sort].get(name) ?? zero, amount))
    }
    const cells = ['cpu', 'memory'].flatMap(name => [
      share(amounts.requests, name, allocatable),
      share(amounts.limits, name, allocatable),
    ])
    const age = since(textAt(pod, 'metadata', 'creationTimestamp'), now)
    page.line(1, [namespaceOf(pod), nameOf(pod), '', ...cells, age].join('\t'))
  }
  page.line(0, 'Allocated resources:')
  page.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  page.line(1, 'Resource\tRequests\tLimits')
  page.line(1, '--------\t--------\t------')
  const huge = Object.keys(allocatable).filter(name => name.startsWith('hugepages-'))
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge.sort(compareBytes)]) {
    page.line(1, `${name}\t${share(totals.requests, name, allocatable)}\t${share(totals.limits, name, allocatable)}`)
  }
  for (const name of Object.keys(allocatable).filter(isExtended).sort(compareBytes)) {
    const amount = (map: ReadonlyMap<string, Quantity>): string => formatQuantity(map.get(name) ?? zero)
    page.line(1, `${name}\t${amount(totals.requests)}\t${amount(totals.limits)}`)
  }
}

function isExtended(name: string): boolean {
  return !['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name) && !name.startsWith('hugepages-')
}

/** `250m (12%)`. */
function share(amounts: ReadonlyMap<string, Quantity>, name: string, allocatable: JsonObject): string {
  const amount = amounts.get(name) ?? zero
  const whole = textOf(allocatable[name]) || '0'
  const [part, all] = name === 'cpu' ? [milliValue(amount), milliValue(whole)] : [value(amount), value(whole)]
  return `${formatQuantity(amount)} (${all === 0 ? 0 : Math.trunc((part / all) * 100)}%)`
}
