import { describe, expect, it } from 'vitest'
import { NodeLab } from '../../testing/node-lab.ts'
import { PriorityClass } from '../../api/scheduling/priorityclass.ts'
import { findCondition } from '../../api/meta/conditions.ts'

/** Containers of a Pod that takes so much memory and asks for so much. */
function hungry(
  lab: NodeLab,
  name: string,
  annotations: Record<string, string>,
  more: object = {},
  memory?: string,
): void {
  const resources = memory === undefined ? {} : { requests: { memory } }
  const stage = Object.fromEntries(Object.entries(annotations).map(([key, text]) => [`podscape.dev/${key}`, text]))
  lab.run(name, { containers: [{ name: 'main', image: 'any/thing', resources }], ...more }, { annotations: stage })
}

function pressure(lab: NodeLab): string {
  const condition = findCondition(lab.node().status.conditions, 'MemoryPressure')
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`
}

describe('[B11] kubelet: eviction under memory pressure', () => {
  it('ends the Pod that is furthest above what it asked for, with the words of upstream, and says MemoryPressure', () => {
    const lab = new NodeLab()
    hungry(lab, 'small', { memory: '100Mi' })
    hungry(lab, 'fair', { memory: '1Gi' }, {}, '1Gi')
    hungry(lab, 'leak', { memory: '200Mi', 'memory-growth': '20Mi/s' })
    lab.runFor(10_000)
    expect(pressure(lab)).toBe('False KubeletHasSufficientMemory: kubelet has sufficient memory available')
    lab.runFor(140_000)
    const { phase, reason, message = '', conditions } = lab.pod('leak').status
    expect({ phase, reason }).toEqual({ phase: 'Failed', reason: 'Evicted' })
    expect(message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Ki\. Container main was using \d+Ki, request is 0, has larger consumption of memory\. $/,
    )
    expect(findCondition(conditions, 'DisruptionTarget')).toMatchObject({
      ...{ status: 'True', reason: 'TerminationByKubelet', message },
    })
    expect(lab.events('leak')).toContain(`Warning Evicted: ${message}`)
    expect(lab.events('w1')).toContain('Warning EvictionThresholdMet: Attempting to reclaim memory')
    expect(pressure(lab)).toBe('True KubeletHasInsufficientMemory: kubelet has insufficient memory available')
    expect(lab.events('w1')).toContain(
      'Normal NodeHasInsufficientMemory: Node w1 status is now: NodeHasInsufficientMemory',
    )
    expect(lab.pod('small').status.phase).toBe('Running')
    expect(lab.pod('fair').status.phase).toBe('Running')
  })

  it('turns away Pods that asked for nothing while memory is short, and is well again five minutes later', () => {
    const lab = new NodeLab()
    hungry(lab, 'leak', { memory: '200Mi', 'memory-growth': '100Mi/s' })
    lab.runFor(70_000)
    expect(lab.pod('leak').status.reason).toBe('Evicted')
    hungry(lab, 'poor', {})
    hungry(lab, 'burstable', {}, {}, '10Mi')
    lab.runFor(20_000)
    expect(lab.pod('poor').status).toMatchObject({
      ...{ phase: 'Failed', reason: 'Evicted' },
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    })
    expect(lab.pod('burstable').status.phase).toBe('Running')
    lab.runFor(200_000)
    expect(pressure(lab)).toMatch(/^True/)
    lab.runFor(100_000)
    expect(pressure(lab)).toMatch(/^False/)
  })

  it('prefers the lower priority among those above their request', () => {
    const lab = new NodeLab()
    lab.api.create(PriorityClass, { metadata: { name: 'high' }, value: 1_000 })
    hungry(lab, 'important', { memory: '2Gi' }, { priorityClassName: 'high' })
    hungry(lab, 'other', { memory: '1Gi' })
    lab.runFor(10_000)
    hungry(lab, 'last', { memory: '600Mi' }, {}, '700Mi')
    lab.runFor(40_000)
    expect(['important', 'other', 'last'].map(name => lab.pod(name).status.phase)).toEqual([
      'Running',
      'Failed',
      'Running',
    ])
  })

  it('is too slow for what takes all memory at once: then the kernel ends the worst container', () => {
    const lab = new NodeLab()
    hungry(lab, 'calm', { memory: '500Mi' })
    lab.run('bomb', { containers: [{ name: 'main', image: 'busybox', args: ['tail', '/dev/zero'] }] })
    lab.runFor(12_500)
    expect(lab.events('w1').filter(event => event.includes('SystemOOM'))).toEqual([
      expect.stringMatching(/^Warning SystemOOM: System OOM encountered, victim process: tail, pid: \d+$/),
    ])
    expect(
      lab.pod('bomb').status.containerStatuses?.[0]?.lastState.terminated ??
        lab.pod('bomb').status.containerStatuses?.[0]?.state.terminated,
    ).toMatchObject({
      ...{ exitCode: 137, reason: 'OOMKilled' },
    })
    expect(lab.pod('calm').status.containerStatuses?.[0]?.restartCount).toBe(0)
  })

  it('costs nothing while there is enough', () => {
    const lab = new NodeLab()
    hungry(lab, 'calm', { memory: '500Mi' })
    lab.runFor(20_000)
    const before = lab.simulation.handled
    lab.runFor(100_000)
    // A lease every ten seconds and what the API server does on its own.
    expect(lab.simulation.handled - before).toBeLessThan(40)
  })
})

describe('[F1] kubelet: what it tells of use', () => {
  it('answers /metrics/resource and /stats/summary at port 10250', () => {
    const lab = new NodeLab()
    hungry(lab, 'web', { cpu: '250m', memory: '64Mi' })
    lab.runFor(10_000)
    const metrics = lab.get('http://192.168.1.101:10250/metrics/resource')?.body ?? ''
    expect(metrics).toMatch(
      /^container_cpu_usage_seconds_total\{container="main",namespace="default",pod="web"\} \d\.\d+ \d{13}$/m,
    )
    expect(metrics).toContain(
      'container_memory_working_set_bytes{container="main",namespace="default",pod="web"} 67108864 ',
    )
    const summary: unknown = JSON.parse(lab.get('http://192.168.1.101:10250/stats/summary')?.body ?? '')
    expect(summary).toMatchObject({
      node: { nodeName: 'w1', memory: { availableBytes: expect.any(Number) } },
      pods: [
        {
          podRef: { name: 'web', namespace: 'default' },
          containers: [{ name: 'main', cpu: { usageNanoCores: 250_000_000 }, memory: { workingSetBytes: 67_108_864 } }],
        },
      ],
    })
  })
})
