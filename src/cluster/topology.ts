import { seedLab } from '../api/lab.ts'

/** A machine before anything runs on it. */
export interface Machine {
  readonly name: string
  readonly address: string
  readonly role: 'master' | 'worker' | 'workstation'
  readonly cpu: number
  readonly memoryMiB: number
}

/** What a cluster is built of: enough, with a seed and the inputs, to build it again (D10). */
export interface Topology {
  readonly preset: string
  readonly masters: number
  readonly workers: number
  readonly workerCpu: number
  readonly workerMemoryMiB: number
  /** Only these programs of a control plane, and no machines (bare.ts). */
  readonly components?: readonly string[]
}

/** A lab that people know from their book or course: how its machines are called and where they are. */
interface Preset {
  readonly name: string
  master(index: number): string
  worker(index: number): string
  /** Addresses of the first master and the first worker; the others follow. */
  readonly firstMaster: string
  readonly firstWorker: string
  readonly podNetwork: string
  readonly topology: Topology
}

const presets: readonly Preset[] = [
  {
    name: 'm-k8s',
    master: index => (index === 0 ? 'm-k8s' : `m${index + 1}-k8s`),
    worker: index => `w${index + 1}-k8s`,
    firstMaster: '192.168.1.10',
    firstWorker: '192.168.1.101',
    podNetwork: '172.16.0.0/16',
    topology: seedLab,
  },
  {
    name: 'master',
    master: index => (index === 0 ? 'master' : `master${index + 1}`),
    worker: index => `worker${String(index + 1).padStart(2, '0')}`,
    firstMaster: '192.168.10.100',
    firstWorker: '192.168.10.101',
    podNetwork: '172.16.0.0/16',
    topology: { preset: 'master', masters: 1, workers: 3, workerCpu: 2, workerMemoryMiB: 2560 },
  },
]

/** The lab of the seed notes, shown when nothing else was asked for. */
export const defaultTopology: Topology = seedLab

export const presetNames: readonly string[] = presets.map(preset => preset.name)

/** Limits of what can be asked for: 5 masters as kubeadm's documentation goes, 5,000 nodes as Kubernetes' own. */
const maxMasters = 5
const maxWorkers = 5000

/** Throws a RangeError that says what is wrong with a topology from a link or a form. */
export function checkTopology(topology: Topology): void {
  if (!presetNames.includes(topology.preset)) {
    throw new RangeError(`there is no preset ${topology.preset}: choose one of ${presetNames.join(', ')}`)
  }
  checkRange('masters', topology.masters, 1, maxMasters)
  checkRange('workers', topology.workers, 0, maxWorkers)
  checkRange('workerCpu', topology.workerCpu, 1, 1024)
  checkRange('workerMemoryMiB', topology.workerMemoryMiB, 512, 16_777_216)
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new RangeError(`${name} is ${value}: it must be a whole number from ${least} to ${most}`)
}

/** The machines of a topology: masters first, then workers, then the workstation from which people work. */
export function machinesOf(topology: Topology): Machine[] {
  checkTopology(topology)
  const preset = presetOf(topology)
  const machines: Machine[] = []
  for (let i = 0; i < topology.masters; i++) {
    const address = addressAfter(preset.firstMaster, i)
    machines.push({ name: preset.master(i), address, role: 'master', cpu: 2, memoryMiB: 3072 })
  }
  // Masters beyond the gap before the workers' addresses would meet them: the presets leave room for one or nine.
  const skip = preset.firstWorker === addressAfter(preset.firstMaster, 1) ? topology.masters - 1 : 0
  for (let i = 0; i < topology.workers; i++) {
    machines.push({
      name: preset.worker(i),
      address: addressAfter(preset.firstWorker, i + skip),
      role: 'worker',
      cpu: topology.workerCpu,
      memoryMiB: topology.workerMemoryMiB,
    })
  }
  const address = addressAfter(preset.firstMaster, -5)
  machines.push({ name: 'workstation', address, role: 'workstation', cpu: 4, memoryMiB: 8192 })
  return machines
}

export function podNetworkOf(topology: Topology): string {
  return presetOf(topology).podNetwork
}

function presetOf({ preset: name }: Topology): Preset {
  const preset = presets.find(candidate => candidate.name === name)
  if (!preset) throw new RangeError(`there is no preset ${name}`)
  return preset
}

/** The address so many places further on, carrying into the bytes before. */
function addressAfter(address: string, offset: number): string {
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0) + offset
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')
}
