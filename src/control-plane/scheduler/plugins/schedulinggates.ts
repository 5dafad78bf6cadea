import { definePlugin, fits, unresolvable } from '../framework.ts'

/** Keeps Pods with scheduling gates out of the queue. Models plugins/schedulinggates/scheduling_gates.go. */
export const schedulingGates = definePlugin({
  name: 'SchedulingGates',
  requeueOn: ['Pod/UpdateSchedulingGatesEliminated'],

  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates
    if (!gates?.length) return fits
    const names = gates.map(({ name }) => name)
    return unresolvable(`waiting for scheduling gates: [${names.join(' ')}]`, { gates: names })
  },
})
