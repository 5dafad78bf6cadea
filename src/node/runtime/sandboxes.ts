import type { Host } from '../../network/exchange.ts'
import type { SandboxConfig } from '../cri/cri.ts'
import { about, type Engine, newId, refuse, reply } from './engine.ts'
import { endContainer } from './lifecycle.ts'
import { networkHost } from './process.ts'
import type { Sandbox } from './state.ts'
import { endStream } from './stream-output.ts'

/** Makes the sandbox of a Pod: its network and the pause process. Answers with its id and addresses. */
export function runSandbox(engine: Engine, call: number, config: SandboxConfig): void {
  const { state, self } = engine
  const id = newId(engine)
  let addresses = state.addresses
  if (!config.hostNetwork) {
    if (!state.networkReady) {
      refuse(engine, call, about(engine, 20), sandboxError(id, 'cni plugin not initialized'))
      return
    }
    const address = leaseAddress(engine, id)
    if (address === undefined) {
      const why = `failed to allocate for range 0: no IP addresses available in range set: ${state.podCidr ?? 'none'}`
      refuse(engine, call, about(engine, 60), sandboxError(id, why))
      return
    }
    addresses = Object.freeze([address])
  }
  const sandbox: Sandbox = { id, config, addresses, createdAt: self.now, ready: true }
  state.sandboxes.set(id, sandbox)
  announce(engine, sandbox, true)
  const workMs = config.hostNetwork ? 80 : 200
  reply(engine, call, about(engine, workMs), { sandboxId: id, addresses })
}

/** Takes a sandbox's network away and ends what still runs in it. */
export function stopSandbox(engine: Engine, call: number, id: string): void {
  const sandbox = engine.state.sandboxes.get(id)
  if (sandbox?.ready) takeDown(engine, sandbox)
  reply(engine, call, about(engine, 60))
}

export function removeSandbox(engine: Engine, call: number, id: string): void {
  const sandbox = engine.state.sandboxes.get(id)
  if (sandbox?.ready) takeDown(engine, sandbox)
  for (const [containerId, container] of engine.state.containers) {
    if (container.sandboxId === id) engine.state.containers.delete(containerId)
  }
  engine.state.sandboxes.delete(id)
  reply(engine, call, about(engine, 10))
}

function takeDown(engine: Engine, sandbox: Sandbox): void {
  const { state } = engine
  for (const container of state.containers.values()) {
    if (container.sandboxId === sandbox.id && container.state === 'running') {
      endContainer(engine, container, { exitCode: 137 })
    }
  }
  sandbox.ready = false
  for (const stream of [...state.streams.values()]) {
    if (stream.kind === 'port-forward' && stream.sandbox === sandbox.id) endStream(engine, stream)
  }
  for (const address of sandbox.addresses) if (state.leases.get(address) === sandbox.id) state.leases.delete(address)
  announce(engine, sandbox, false)
}

/** Tells the network that a Pod's host is there or gone. The host network's host is the machine, which is there anyway. */
function announce(engine: Engine, sandbox: Sandbox, up: boolean): void {
  if (sandbox.config.hostNetwork) return
  const { dns, hosts, hostPorts } = sandbox.config
  const host: Host = {
    name: networkHost(engine, sandbox),
    addresses: sandbox.addresses,
    machine: engine.state.machine,
    up,
    ...(dns && { dns }),
    ...(hosts && { hosts }),
    ...(hostPorts && hostPorts.length > 0 && { hostPorts }),
  }
  engine.self.send('network', 0, 'host', host)
}

/** The next free address after the last one given, as the host-local plugin does it; .0 and the gateway .1 are not given. */
function leaseAddress(engine: Engine, sandboxId: string): string | undefined {
  const { state } = engine
  const range = state.podCidr === undefined ? undefined : parseCidr(state.podCidr)
  if (!range) return undefined
  const first = range.base + 2
  const last = range.base + range.size - 2
  let candidate = state.lastAddress === undefined ? last : toNumber(state.lastAddress)
  if (candidate < first || candidate > last) candidate = last
  for (let tries = first; tries <= last; tries++) {
    candidate = candidate >= last ? first : candidate + 1
    const address = toAddress(candidate)
    if (state.leases.has(address)) continue
    state.leases.set(address, sandboxId)
    state.lastAddress = address
    return address
  }
  return undefined
}

function parseCidr(cidr: string): { base: number; size: number } | undefined {
  const [address = '', bits = ''] = cidr.split('/')
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address) || !/^\d+$/.test(bits)) return undefined
  const size = 2 ** (32 - Number(bits))
  return { base: Math.floor(toNumber(address) / size) * size, size }
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')
}

function sandboxError(id: string, why: string): string {
  return (
    'rpc error: code = Unknown desc = failed to setup network for sandbox ' +
    `"${id}": plugin type="loopback" failed (add): ${why}`
  )
}
