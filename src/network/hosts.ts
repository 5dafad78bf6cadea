import type { Self } from '../sim/component.ts'
import type { Host, Listen } from './exchange.ts'
import { fail } from './ending.ts'
import { listenerOf, machineOf, type NetworkState } from './state.ts'
import { type Carrier, deadAfterMs, reset } from './travel.ts'

/** A host appears or changes. */
export function addHost(state: NetworkState, host: Host): void {
  forgetAddresses(state, host.name)
  for (const { hostPort, containerPort, protocol } of host.hostPorts ?? []) {
    state.hostPorts.set(`${machineOf(host)} ${hostPort}/${protocol}`, { host: host.name, port: containerPort })
  }
  state.hosts.set(host.name, host)
  for (const address of host.addresses) {
    state.addresses.set(address, host.name)
    state.former.delete(address)
  }
}

/** A host is gone, without a word: a Pod's sandbox, or a machine that lost power, with all Pods on it. */
export function removeHost(self: Self<NetworkState>, name: string): void {
  const { state } = self
  const host = state.hosts.get(name)
  if (!host) return
  forgetAddresses(state, name)
  state.hosts.delete(name)
  for (const port of state.listeners.get(name)?.keys() ?? []) abandon(self, `${name} ${port}`)
  state.listeners.delete(name)
  for (const exchange of state.exchanges.values()) if (exchange.open.from === name) fail(self, exchange, 'reset')
  if (host.machine !== undefined) return
  state.podNetworks.delete(name)
  for (const pod of [...state.hosts.values()]) if (pod.machine === name) removeHost(self, pod.name)
}

/** Nobody is left to answer or to refuse: clients wait until their own patience or TCP's is over. */
function abandon(self: Self<NetworkState>, servedBy: string): void {
  for (const id of self.state.serving.get(servedBy) ?? []) {
    const exchange = self.state.exchanges.get(id)
    if (!exchange) continue
    if (exchange.next !== undefined) self.cancel(exchange.next)
    delete exchange.next
    exchange.response = { exchange: id, afterMs: 0 }
    exchange.timeout ??= self.schedule(deadAfterMs, 'timeout', id)
  }
}

function forgetAddresses(state: NetworkState, name: string): void {
  const host = state.hosts.get(name)
  for (const { hostPort, protocol } of host?.hostPorts ?? []) {
    const key = `${host?.machine ?? name} ${hostPort}/${protocol}`
    if (state.hostPorts.get(key)?.host === name) state.hostPorts.delete(key)
  }
  for (const address of host?.addresses ?? []) {
    if (state.addresses.get(address) !== name) continue
    state.addresses.delete(address)
    if (host?.machine !== undefined) state.former.set(address, machineOf(host))
  }
}

export function openPort(state: NetworkState, { host, port, protocol, tag }: Listen): void {
  const ports = state.listeners.get(host)
  if (ports) ports.set(`${port}/${protocol}`, tag)
  else state.listeners.set(host, new Map([[`${port}/${protocol}`, tag]]))
}

/** A process has closed its port, or died: what it was working on is reset. */
export function closePort(carrier: Carrier, { host, port, protocol, tag }: Listen): void {
  const { state } = carrier.self
  const current = listenerOf(state, host, port, protocol)
  // A process that came after it may have the port already.
  if (!current || current.component !== tag.component || current.container !== tag.container) return
  const ports = state.listeners.get(host)
  ports?.delete(`${port}/${protocol}`)
  if (ports?.size === 0) state.listeners.delete(host)
  for (const id of [...(state.serving.get(`${host} ${port}/${protocol}`) ?? [])]) {
    const exchange = state.exchanges.get(id)
    if (exchange) reset(carrier, exchange)
  }
}
