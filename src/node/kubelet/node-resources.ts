import { formatQuantity, subtract, value } from '../../machinery/quantity.ts'
import type { KubeletConfig } from './state.ts'

/** What the machine has, as its Node's status says it. */
export function capacity(config: KubeletConfig): Record<string, string> {
  return {
    cpu: config.cpu,
    'ephemeral-storage': config.ephemeralStorage,
    'hugepages-2Mi': '0',
    memory: config.memory,
    pods: String(config.maxPods),
  }
}

/** The hard eviction threshold keeps a tenth of the disk free. */
const storageShare = 0.9

/** What Pods may have of it: without the memory that eviction keeps free, and nine tenths of the disk. */
export function allocatable(config: KubeletConfig): Record<string, string> {
  return {
    cpu: config.cpu,
    'ephemeral-storage': String(Math.floor(value(config.ephemeralStorage) * storageShare)),
    'hugepages-2Mi': '0',
    memory: formatQuantity(subtract(config.memory, config.reservedMemory)),
    pods: String(config.maxPods),
  }
}
