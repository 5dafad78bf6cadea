import { isIn, isLoopback } from './addresses.ts'
import type { Host, Waypoint } from './exchange.ts'
import { isReachable, latencyBetween } from './links.ts'
import { machineOf, type NetworkState, outside, placeOf, type Route, type RouteEnd, type Step } from './state.ts'

/** A packet as a machine's kernel sees it. */
export interface Packet {
  readonly transport: 'tcp' | 'udp'
  readonly source: string
  readonly destination: string
  readonly port: number
  /** Whether the destination is one of the machine's own addresses: node ports are open there only. */
  readonly isLocal: boolean
  /** What sends it: a Pod of the cluster, this machine itself, or somebody else. */
  readonly sender: 'pod' | 'this machine' | 'elsewhere'
}

/** What a machine's service rules do with a packet. */
export type Translation =
  | {
      readonly verdict: 'forward'
      /** The Service's id in the scene. */
      readonly place: string
      readonly rule: string
      readonly address: string
      readonly port: number
      /** The packet goes on with the machine's address as its source. */
      readonly masquerade: boolean
    }
  | { readonly verdict: 'reject' | 'drop'; readonly place: string; readonly rule: string }

/** Whether a network policy lets a packet pass, and the rule that says so. */
export interface PolicyVerdict {
  readonly allowed: boolean
  readonly rule: string
}

/** Rules that others make: service rules of a machine, and network policies. */
export interface Rules {
  /** Service rules of a machine; undefined when none of them concerns the packet. */
  translate(machine: string, packet: Packet): Translation | undefined
  /** Asked at the sending and at the receiving Pod; undefined when no policy concerns them. */
  policy?(from: Host, to: Host, packet: Packet): PolicyVerdict | undefined
}

/** From a Pod to its machine or back, through its pair of virtual interfaces; and through a machine's rules. */
const vethMs = 0.02
const rulesMs = 0.02
/** What wrapping a packet for another machine's Pods adds. */
const overlayMs = 0.05

/** Packets are not sent round in circles: translated at most at the sender and at one more machine. */
const maxMachines = 3

/** The way being found: where the packet is and what it carries. */
interface Walk {
  readonly steps: Step[]
  latencyMs: number
  machine: string
  place: string
  source: string
  destination: string
  port: number
}

/** Finds the way of a packet as things are now. It does not look whether links are cut: a packet learns that on its way. */
export function findRoute(
  state: NetworkState,
  rules: Rules,
  from: Host,
  destination: string,
  port: number,
  transport: 'tcp' | 'udp',
  via: readonly Waypoint[] = [],
): Route {
  const walk: Walk = {
    steps: [],
    latencyMs: 0,
    machine: machineOf(from),
    place: placeOf(from.name),
    source: isLoopback(destination) ? destination : (from.addresses[0] ?? ''),
    destination,
    port,
  }
  for (const { place, rule } of via) step(state, walk, place, walk.machine, rule)
  for (let visited = 0; visited < maxMachines; visited++) {
    const end = cross(state, rules, walk, from, transport)
    if (end) return finish(walk, end)
  }
  return finish(walk, { kind: 'dropped' })
}

/** Takes a packet through one machine. Returns its end, or undefined when it has moved on to another machine. */
function cross(
  state: NetworkState,
  rules: Rules,
  walk: Walk,
  from: Host,
  transport: 'tcp' | 'udp',
): RouteEnd | undefined {
  const translated = translate(state, rules, walk, from, transport)
  if (translated) return translated
  if (isLoopback(walk.destination)) return arrive(state, rules, walk, from, from, transport)
  const owner = ownerOf(state, walk.destination)
  if (!owner) return lost(state, walk)
  const target = machineOf(owner)
  if (owner.machine !== undefined) {
    if (target !== walk.machine && !canReachPods(state, walk.machine, target)) return drop(walk, owner, target)
    return arrive(state, rules, walk, from, owner, transport)
  }
  if (target === walk.machine) return arrive(state, rules, walk, from, owner, transport)
  leaveCluster(state, walk, from)
  if (owner.name === outside) return arrive(state, rules, walk, from, owner, transport)
  // The other machine's rules come first: its node ports are open there only.
  step(state, walk, placeOf(target), target)
  return undefined
}

/** Lets the machine's service rules change the packet. Returns its end if they refuse it. */
function translate(
  state: NetworkState,
  rules: Rules,
  walk: Walk,
  from: Host,
  transport: 'tcp' | 'udp',
): RouteEnd | undefined {
  const { machine } = walk
  const own = state.hosts.get(machine)
  const isLocal =
    isLoopback(walk.destination) ||
    (own?.addresses.includes(walk.destination) ?? false) ||
    state.announced.get(walk.destination) === machine
  // A Pod's loopback is its own: the rules of the machine are not asked.
  if (isLoopback(walk.destination) && from.machine !== undefined) return undefined
  const sender = from.name === machine ? 'this machine' : from.machine === undefined ? 'elsewhere' : 'pod'
  const { source, destination, port } = walk
  const result = rules.translate(machine, { transport, source, destination, port, isLocal, sender })
  if (!result) {
    if (isLocal) toHostPort(state, walk, transport)
    return undefined
  }
  step(state, walk, result.place, machine, result.rule, rulesMs)
  if (result.verdict !== 'forward') return { kind: result.verdict === 'reject' ? 'refused' : 'dropped' }
  walk.destination = result.address
  walk.port = result.port
  if (result.masquerade) walk.source = own?.addresses[0] ?? walk.source
  return undefined
}

/** A port of the machine may lead to a Pod (the plugin portmap): the packet goes on to it under the client's address. */
function toHostPort(state: NetworkState, walk: Walk, transport: 'tcp' | 'udp'): void {
  const target = state.hostPorts.get(`${walk.machine} ${walk.port}/${transport}`)
  const [address] = state.hosts.get(target?.host ?? '')?.addresses ?? []
  if (!target || address === undefined) return
  walk.destination = address
  walk.port = target.port
}

/** The packet reaches the host: by way of its machine when that is another one. */
function arrive(
  state: NetworkState,
  rules: Rules,
  walk: Walk,
  from: Host,
  to: Host,
  transport: 'tcp' | 'udp',
): RouteEnd {
  const target = machineOf(to)
  const verdict = policyVerdict(rules, walk, from, to, transport)
  if (to.machine !== undefined && target !== walk.machine) {
    step(state, walk, placeOf(target), target, undefined, overlayMs)
  }
  // A packet for the machine itself that came over its link is there already.
  if (walk.place !== placeOf(to.name) || walk.steps.length === 0) {
    step(state, walk, placeOf(to.name), target, verdict?.rule, vethMs)
  }
  if (verdict && !verdict.allowed) return { kind: 'dropped' }
  return { kind: 'arrived', host: to.name, source: walk.source, destination: walk.destination, port: walk.port }
}

function policyVerdict(
  rules: Rules,
  walk: Walk,
  from: Host,
  to: Host,
  transport: 'tcp' | 'udp',
): PolicyVerdict | undefined {
  if (!rules.policy) return undefined
  const { source, destination, port } = walk
  const sender = from.machine === undefined ? 'elsewhere' : 'pod'
  return rules.policy(from, to, { transport, source, destination, port, isLocal: false, sender })
}

/** Nobody has the address. */
function lost(state: NetworkState, walk: Walk): RouteEnd {
  const machine = state.former.get(walk.destination)
  if (machine !== undefined) {
    if (machine !== walk.machine) {
      if (!canReachPods(state, walk.machine, machine)) return { kind: 'dropped' }
      step(state, walk, placeOf(machine), machine, undefined, overlayMs)
    }
    return { kind: 'no route' }
  }
  const own = state.hosts.get(walk.machine)?.addresses[0]
  const isNeighbour = own !== undefined && walk.machine !== outside && isIn(`${own}/24`, walk.destination)
  // What is not on the switch goes to the default gateway, which has no answer for the lab's inner addresses.
  return { kind: isNeighbour ? 'no route' : 'dropped' }
}

/** A packet that cannot get to a Pod of another machine is shown to vanish on the way there. */
function drop(walk: Walk, owner: Host, target: string): RouteEnd {
  walk.steps.push({
    ...{ from: walk.place, to: placeOf(target), latencyMs: 0, fromMachine: walk.machine, toMachine: target },
    ...{ rule: `no route to Pods of ${target}`, source: walk.source, destination: owner.addresses[0] ?? '' },
  })
  return { kind: 'dropped' }
}

/** Pods of two machines reach one another when the same network plugin is set up on both. */
function canReachPods(state: NetworkState, from: string, to: string): boolean {
  const here = state.podNetworks.get(from)
  const there = state.podNetworks.get(to)
  return here !== undefined && here === there
}

/** Packets from Pods to what is no Pod carry their machine's address (natOutgoing of the plugin). */
function leaveCluster(state: NetworkState, walk: Walk, from: Host): void {
  if (from.machine === walk.machine) walk.source = state.hosts.get(walk.machine)?.addresses[0] ?? walk.source
}

function ownerOf(state: NetworkState, address: string): Host | undefined {
  const name = state.addresses.get(address) ?? state.announced.get(address)
  return name === undefined ? undefined : state.hosts.get(name)
}

function step(state: NetworkState, walk: Walk, to: string, toMachine: string, rule?: string, extraMs = 0): void {
  const { place: from, machine: fromMachine, source, destination } = walk
  const latencyMs = latencyBetween(state, fromMachine, toMachine) + extraMs
  walk.steps.push({
    ...{ from, to, latencyMs, fromMachine, toMachine, source, destination },
    ...(rule !== undefined && { rule }),
  })
  walk.latencyMs += latencyMs
  walk.place = to
  walk.machine = toMachine
}

function finish({ steps, latencyMs }: Walk, end: RouteEnd): Route {
  return Object.freeze({ steps: Object.freeze(steps), latencyMs, end })
}

/** The first step of a route that cannot be gone now because a link is cut or a machine is off. */
export function brokenStep(state: NetworkState, { steps }: Route): number {
  if (state.cuts.size === 0) return steps.findIndex(({ toMachine }) => !state.hosts.has(toMachine))
  return steps.findIndex(({ fromMachine, toMachine }) => !isReachable(state, fromMachine, toMachine))
}
