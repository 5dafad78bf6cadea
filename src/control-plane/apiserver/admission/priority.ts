import type { Pod } from '../../../api/generated/core.v1.ts'
import type { PriorityClass } from '../../../api/generated/scheduling.v1.ts'
import { forbidden } from '../../../machinery/status.ts'
import { pods, priorityClasses } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

const computed = 'priority admission controller computed'

/** Turns the name of a Pod's priority class into numbers (plugin/pkg/admission/priority). */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'priorityclasses.scheduling.k8s.io'],

  mutate(pod, attributes) {
    if (isOf(pods, pod) && attributes.operation === 'CREATE') prioritize(pod, attributes)
  },

  validate(object, { kind, name, list }) {
    if (!isOf(priorityClasses, object) || !object.globalDefault) return
    const other = list(priorityClasses).find(({ globalDefault, metadata }) => globalDefault && metadata.name !== name)
    if (!other) return
    const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`
    throw forbidden(kind, name, why)
  },
}

function prioritize({ spec }: Pod, attributes: Attributes): void {
  const { kind, name, list } = attributes
  const chosen = spec.priorityClassName
    ? classNamed(spec.priorityClassName, attributes)
    : defaultClass(list(priorityClasses))
  if (chosen) spec.priorityClassName = chosen.metadata.name
  const value = chosen?.value ?? 0
  const policy = chosen?.preemptionPolicy ?? 'PreemptLowerPriority'
  const refuse = (what: string, given: unknown, found: unknown): Error => {
    const why = `the ${what} (${String(given)}) must not be provided in pod spec; ${computed} ${String(found)}`
    return forbidden(kind, name, `${why} from the given PriorityClass name`)
  }
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refuse('integer value of priority', spec.priority, value)
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refuse('string value of PreemptionPolicy', spec.preemptionPolicy, policy)
  }
  spec.priority = value
  spec.preemptionPolicy = policy
}

function classNamed(wanted: string, { kind, name, find }: Attributes): PriorityClass {
  const found = find(priorityClasses, wanted)
  if (!found) throw forbidden(kind, name, `no PriorityClass with name ${wanted} was found`)
  return found
}

/** Of several defaults the lowest is taken. */
function defaultClass(classes: readonly PriorityClass[]): PriorityClass | undefined {
  const [lowest] = classes.filter(({ globalDefault }) => globalDefault).sort((a, b) => (a.value ?? 0) - (b.value ?? 0))
  return lowest
}
