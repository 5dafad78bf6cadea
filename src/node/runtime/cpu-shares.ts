import type { Engine } from './engine.ts'
import { systemCpuMillis } from './machine-memory.ts'
import { setCpu } from './meter.ts'
import type { Container } from './state.ts'

/**
 * Who gets the CPU of a machine when more is wanted than there is: parts by weight, as CFS gives them by cpu.shares. While
 * there is enough, nobody has to look at anybody else.
 */

/** cpu.shares of a container that asked for nothing (MinShares of pkg/kubelet/cm/helpers_linux.go). */
const leastShares = 2
/** Containers that want less than this are not what makes CPU short. */
const busyMillis = 50

/** A container's processes want so much CPU from now on. */
export function wantCpu(engine: Engine, container: Container, wantedMillis: number): void {
  const { state, self } = engine
  const { meter } = container
  const limit = limitOf(engine, container)
  const wanted = Math.min(wantedMillis, limit)
  state.cpuWanted += wanted - meter.wantedMillis
  meter.wantedMillis = wanted
  const wasShort = state.cpuShort
  state.cpuShort = state.cpuWanted > capacityOf(engine)
  if (state.cpuShort) shareOut(engine)
  else if (wasShort) for (const each of running(engine)) giveAll(engine, each)
  else setCpu(meter, wanted, limit, self.now)
}

/** A limit above what the machine has is none. */
function limitOf({ state }: Engine, { config }: Container): number {
  return Math.min(config.cpuLimitMillis ?? state.cpuMillis, state.cpuMillis)
}

function capacityOf({ state }: Engine): number {
  return state.cpuMillis - systemCpuMillis
}

function running({ state }: Engine): Container[] {
  return [...state.containers.values()].filter(container => container.state === 'running')
}

function giveAll(engine: Engine, container: Container): void {
  setCpu(container.meter, container.meter.wantedMillis, limitOf(engine, container), engine.self.now)
}

function shareOut(engine: Engine): void {
  const all = running(engine)
  const capacity = capacityOf(engine)
  const allotted = allot(
    all.map(({ meter, config }) => ({ wanted: meter.wantedMillis, weight: config.cpuShares ?? leastShares })),
    capacity,
  )
  const busyWeight = all
    .filter(({ meter }) => meter.wantedMillis >= busyMillis)
    .reduce((sum, { config }) => sum + (config.cpuShares ?? leastShares), 0)
  all.forEach((container, index) => {
    const { meter, config } = container
    const got = allotted[index] ?? 0
    // What requests would get if they came now: somebody who sleeps most of the time has a part all the same.
    const weight = config.cpuShares ?? leastShares
    const others = meter.wantedMillis >= busyMillis ? busyWeight - weight : busyWeight
    const part = (capacity * weight) / (others + weight)
    setCpu(meter, got, Math.min(limitOf(engine, container), Math.max(part, got)), engine.self.now)
  })
}

/** Divides by weight; what somebody does not want goes to the others. */
export function allot(
  wants: readonly { readonly wanted: number; readonly weight: number }[],
  capacity: number,
): number[] {
  const got = wants.map(() => 0)
  let open = wants.map((_, index) => index)
  let left = capacity
  while (open.length > 0) {
    const weights = open.reduce((sum, index) => sum + (wants[index]?.weight ?? 0), 0)
    const part = (index: number): number => (left * (wants[index]?.weight ?? 0)) / weights
    const content = open.filter(index => (wants[index]?.wanted ?? 0) <= part(index))
    if (content.length === 0) {
      for (const index of open) got[index] = part(index)
      return got
    }
    for (const index of content) got[index] = wants[index]?.wanted ?? 0
    left -= content.reduce((sum, index) => sum + (got[index] ?? 0), 0)
    open = open.filter(index => !content.includes(index))
  }
  return got
}
