import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { Namespace } from '../../api/core/namespace.ts'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { ServiceAccount } from '../../api/core/serviceaccount.ts'
import { kindOf } from '../../api/index.ts'
import { Event } from '../../api/core/event.ts'
import { typed } from '../../machinery/kind.ts'
import { timestamp } from '../../machinery/time.ts'
import type { ApiObject } from '../../machinery/object.ts'
import {
  type LogLine,
  readScenario,
  type ScenarioNode,
  type ScenarioRecording,
} from '../../testing/golden-scenarios.ts'
import { type SchedulerLab, schedulerLab } from '../../testing/scheduler-lab.ts'

/** Does to the cluster what the recording's commands, kubelets and driver did, at the same times. */
class Replay {
  readonly lab: SchedulerLab = schedulerLab()
  private readonly start: number
  private begun = 0

  constructor(private readonly recording: ScenarioRecording) {
    const { lab } = this
    lab.api.create(Namespace, { metadata: { name: 'lab' } })
    lab.api.create(ServiceAccount, { metadata: { name: 'default', namespace: 'lab' } })
    for (const node of recording.scenario.nodes) this.node(node)
    for (const file of recording.scenario.setup ?? []) this.apply(file)
    lab.advance(2_000)
    this.start = lab.simulation.now
  }

  play(): this {
    for (const line of this.recording.log) {
      if (!('step' in line)) continue
      this.lab.simulation.runUntil(this.start + line.t * 1_000)
      this.step(line)
    }
    this.lab.advance(5_000)
    return this
  }

  private step(line: Extract<LogLine, { step: unknown }>): void {
    const step = line.step as { kubectl?: string; drive?: string; node?: ScenarioNode }
    const [verb, ...words] = (step.kubectl ?? step.drive ?? '').split(' ')
    if (verb === 'apply') this.apply(words.at(-1) ?? '')
    if (verb === 'cordon')
      this.changeNode(words[0] ?? '', node => ({ ...node, spec: { ...node.spec, unschedulable: true } }))
    if (verb === 'taint') this.changeNode(words[1] ?? '', ({ spec: _, ...node }) => ({ ...node, spec: {} }))
    if (verb === 'label') {
      const [key = '', value = ''] = words[2]?.split('=') ?? []
      this.changeNode(words[1] ?? '', node => ({
        ...node,
        metadata: { ...node.metadata, labels: { ...node.metadata.labels, [key]: value } },
      }))
    }
    if (verb === 'stop') this.stop(words[0] ?? '')
    if (step.node) this.node(step.node, 150)
  }

  private node(
    { name, cpu = '4', memory = '8Gi', pods = '110', labels, taints }: ScenarioNode,
    readyAfterMs = 0,
  ): void {
    this.lab.node(name, {
      readyAfterMs,
      allocatable: { cpu, memory, pods },
      ...(labels && { labels }),
      ...(taints && { taints }),
    })
  }

  private apply(file: string): void {
    for (const document of parseAllDocuments(this.recording.files[file] ?? '')) {
      const object = document.toJS() as ApiObject & { spec: { template: object; replicas: number } }
      if (object.kind === 'ReplicaSet') {
        for (let i = 1; i <= object.spec.replicas; i++) {
          const metadata = {
            ...(object.spec.template as Pod).metadata,
            name: `even-r${i}`,
            namespace: 'lab',
          }
          this.lab.api.create(Pod, { ...object.spec.template, metadata })
        }
        continue
      }
      const kind = kindOf(object)!
      const metadata = { ...object.metadata, ...(kind.namespaced && { namespace: 'lab' }) }
      const created = this.lab.api.create(kind, { ...object, metadata })
      if (kind === Pod) this.begin(typed(Pod, created))
    }
  }

  /** What a kubelet does first with a Pod of its node. A second apart: times in a status have no finer grain. */
  private begin(pod: Pod): void {
    if (!pod.spec.nodeName) return
    const startTime = timestamp(this.lab.simulation.now + 1_000 * this.begun++)
    this.lab.api.updateStatus(Pod, { ...pod, status: { ...pod.status, startTime } })
  }

  private changeNode(name: string, change: (node: Node) => Node): void {
    this.lab.api.update(Node, change(this.lab.api.get(Node, name)))
  }

  /** What a kubelet does when the containers of a Pod on its way out have ended. */
  private stop(name: string): void {
    const pod = this.lab.api.get(Pod, name, 'lab')
    this.lab.api.updateStatus(Pod, { ...pod, status: { ...pod.status, phase: 'Failed' } })
    this.lab.advance(50)
    this.lab.api.delete(Pod, pod, { gracePeriodSeconds: 0 })
  }

  /** `high FailedScheduling: 0/2 nodes …` once for each message; how often it was said depends on who watched. */
  said(): string[] {
    const lines = this.lab.api.list(Event).map(({ reason, involvedObject, message = '' }) => {
      const about = involvedObject.name?.replace(/^even-(r\d)$/, 'even-<$1>') ?? ''
      return `${about} ${reason ?? ''}: ${placeholders(message)}`
    })
    return [...new Set(lines)].sort()
  }
}

function placeholders(message: string): string {
  return message.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>').replace(/even-(r\d)/g, 'even-<$1>')
}

function recorded({ expect: { events, eventsVary } }: ScenarioRecording): string[] {
  const lines = [...events, ...eventsVary]
    .filter(({ from }) => from === 'default-scheduler')
    .map(({ about, reason, message }) => `${about.replace('Pod/', '')} ${reason}: ${message}`)
  return [...new Set(lines)].sort()
}

describe('[B1] recorded scenarios', () => {
  it.each(['failed-scheduling-then-ok', 'preemption', 'preemption-budget', 'topology-spread'])(
    'are told by the scheduler in the words of the recording: %s',
    id => {
      const recording = readScenario(id)
      expect(new Replay(recording).play().said()).toEqual(recorded(recording))
    },
  )

  it('gives every reason for which a Pod may find no node in the words of the recording', () => {
    const recording = readScenario('failed-scheduling-reasons')
    const { lab } = new Replay(recording).play()
    for (const [name, { stable }] of Object.entries(recording.expect.objects)) {
      const expected = stable?.['status.condition PodScheduled']?.at(-1)
      if (!name.startsWith('Pod/') || typeof expected !== 'string') continue
      const pod = lab.api.get(Pod, name.slice(4), 'lab')
      const { status = '', reason, message } = pod.status.conditions?.find(({ type }) => type === 'PodScheduled') ?? {}
      const seen = pod.spec.nodeName ? expected : [status, reason, message].join('/')
      expect([name, seen]).toEqual([name, expected])
    }
    expect(Object.keys(recording.expect.objects).length).toBeGreaterThan(15)
  })
})
