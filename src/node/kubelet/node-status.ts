import { Node } from '../../api/core/node.ts'
import type { NodeCondition, NodeStatus, NodeSystemInfo } from '../../api/generated/core.v1.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { getCached } from '../../client/informer.ts'
import { isEqual } from '../../machinery/object.ts'
import { attempt } from '../../machinery/status.ts'
import { timestamp } from '../../machinery/time.ts'
import { type Kubelet, nodeEvent } from './context.ts'
import { allocatable, capacity } from './node-resources.ts'
import type { KubeletState } from './state.ts'

/** The Node's status as the kubelet reports it: setters of pkg/kubelet/nodestatus/setters.go. */
export function nodeStatusOf({ state, self }: Kubelet, old: NodeStatus | undefined): NodeStatus {
  const { config } = state
  const now = timestamp(self.now)
  const images = imagesOf(state)
  return {
    capacity: capacity(config),
    allocatable: allocatable(config),
    conditions: verdictsOf(state).map(({ type, status, reason, message }): NodeCondition => {
      const before = findCondition(old?.conditions, type)
      const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now
      return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message }
    }),
    addresses: [
      ...config.addresses.map(address => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: config.nodeName },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: systemInfo(state),
    ...(images.length > 0 && { images }),
  }
}

interface Verdict {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

function verdictsOf({ networkReady, networkMessage, pressure }: KubeletState): Verdict[] {
  const fine = (type: string, reason: string, message: string): Verdict => ({ type, status: 'False', reason, message })
  return [
    pressure.memory
      ? {
          ...{ type: 'MemoryPressure', status: 'True' },
          ...{ reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available' },
        }
      : fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    networkReady
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : {
          type: 'Ready',
          status: 'False',
          reason: 'KubeletNotReady',
          message: `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${networkMessage}`,
        },
  ]
}

/** At most so many images are listed, the largest first (nodeStatusMaxImages). */
const maxImages = 50

function imagesOf({ images }: KubeletState): NonNullable<NodeStatus['images']> {
  return [...images]
    .sort(([, a], [, b]) => b.sizeBytes - a.sizeBytes)
    .slice(0, maxImages)
    .map(([imageId, { names, sizeBytes }]) => ({ names: [imageId, ...names], sizeBytes }))
}

/** Ids of a machine, made from its name: they must be the same after every restart. */
function systemInfo({ config, bootId }: KubeletState): NodeSystemInfo {
  const machineID = digits(config.nodeName, 32)
  const dashed = (id: string): string =>
    [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')
  return {
    machineID,
    systemUUID: dashed(machineID),
    bootID: dashed(bootId),
    kernelVersion: config.kernelVersion,
    osImage: config.osImage,
    containerRuntimeVersion: config.containerRuntimeVersion,
    kubeletVersion: config.version,
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: 'amd64',
  }
}

function digits(text: string, length: number): string {
  let id = ''
  for (let round = 0; id.length < length; round++) {
    let sum = 0x811c9dc5 + round
    for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
    id += (sum >>> 0).toString(16).padStart(8, '0')
  }
  return id.slice(0, length)
}

/**
 * Reports the Node's status if it differs from what the API has, or if the report period is over. Returns whether the
 * API server took it.
 */
export function reportNodeStatus(kubelet: Kubelet): boolean {
  const { state, api, self } = kubelet
  const node = getCached(state.node, Node, state.config.nodeName)
  if (!node) return false
  const status = nodeStatusOf(kubelet, node.status)
  const isDue = self.now - state.nodeStatus.reportedAt >= state.config.statusReportSeconds * 1_000
  if (!isDue && !differs(status, node.status)) return true
  const patch: Record<string, unknown> = { status: { ...status } }
  const failure = attempt(() => api.patch(Node, node, 'strategic', patch, 'status'))
  if (failure) return false
  state.nodeStatus.reportedAt = self.now
  const { bootID } = status.nodeInfo
  if (node.status.nodeInfo.bootID !== bootID) {
    const message = `Node ${state.config.nodeName} has been rebooted, boot id: ${bootID}`
    nodeEvent(kubelet, 'Warning', 'Rebooted', message)
  }
  tellTransitions(kubelet, status, state.nodeStatus.told)
  return true
}

/** Whether the API says something else of the Node than this kubelet would. */
export function isNewsFor(kubelet: Kubelet, { status }: Node): boolean {
  return differs(nodeStatusOf(kubelet, status), status)
}

function differs(status: NodeStatus, old: NodeStatus): boolean {
  const { conditions, ...rest } = status
  const { conditions: oldConditions } = old
  const before = new Map<string, unknown>(Object.entries(old))
  const without = (list: NodeStatus['conditions']): string =>
    (list ?? []).map(({ type, status: value, reason, message }) => `${type}=${value}/${reason}/${message}`).join()
  const known = (oldConditions ?? []).filter(({ type }) => findCondition(conditions, type))
  return (
    without(conditions) !== without(known) ||
    Object.entries(rest).some(([field, value]) => !isEqual(value, before.get(field)))
  )
}

const transitionEvents: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MemoryPressure: { True: 'NodeHasInsufficientMemory', False: 'NodeHasSufficientMemory' },
  DiskPressure: { True: 'NodeHasDiskPressure', False: 'NodeHasNoDiskPressure' },
  PIDPressure: { True: 'NodeHasInsufficientPID', False: 'NodeHasSufficientPID' },
  Ready: { True: 'NodeReady', False: 'NodeNotReady' },
}

/** Says each change of a condition as an Event: recordNodeStatusEvent. */
export function tellTransitions(kubelet: Kubelet, status: NodeStatus, told: Map<string, string>): void {
  const { nodeName } = kubelet.state.config
  for (const { type, status: value } of status.conditions ?? []) {
    const before = told.get(type)
    told.set(type, value)
    // Not being ready at the start is no news.
    if (before === value || (type === 'Ready' && before === undefined && value !== 'True')) continue
    const event = transitionEvents[type]?.[value]
    if (event) nodeEvent(kubelet, 'Normal', event, `Node ${nodeName} status is now: ${event}`)
  }
}
