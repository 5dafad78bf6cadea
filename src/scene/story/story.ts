import { type EvidenceEntry, isEvidence, type ObjectRef, type RequestEvidence } from '../../machinery/evidence.ts'
import type { Tone } from '../model.ts'
import type { Text } from '../why/explanation.ts'
import { callSentence, processSentence, probeSentence, requestSentence, schedulingSentence, told } from './sentences.ts'

/** The lifelines of the diagram, from left to right. */
export const actors = ['user', 'apiserver', 'etcd', 'controllers', 'scheduler', 'kubelet', 'runtime'] as const
export type Actor = (typeof actors)[number]

/** One arrow of the diagram; what an actor does by itself leads to itself. */
export interface StoryStep {
  /** The number of its entry in the trace. */
  readonly seq: number
  readonly at: number
  readonly from: Actor
  readonly to: Actor
  readonly text: Text
  readonly tone: Tone
}

/** Any entry of a trace: what its type is not known to be is no part of a story. */
interface Entry {
  readonly seq: number
  readonly at: number
  readonly by: string
  readonly type: string
  readonly data: unknown
}

/** Whose story is told. */
export interface Hero extends ObjectRef {
  readonly uid: string
  /** Uids of the owners that it came from, the oldest first. */
  readonly owners: readonly string[]
}

/** The steps of an object's story, oldest first. Of its owners only what led to it is told. */
export function storyOf(entries: Iterable<Entry>, hero: Hero): StoryStep[] {
  const story = new Story(hero)
  for (const entry of entries) story.take(entry)
  return story.steps
}

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete'])

/** A story that grows with the trace. */
export class Story {
  readonly steps: StoryStep[] = []
  /** The last write of each resource that is the hero's or an owner's, until everybody concerned was told. */
  private readonly written = new Map<string, number>()
  private readonly toldOf = new Map<string, number>()
  private readonly lastProbe = new Map<string, string>()
  /** The kubelet that has the Pod, as watches name it. */
  private kubelet: string | undefined
  private isBorn = false

  constructor(private readonly hero: Hero) {}

  /** Takes the next entry of the trace in: it may add steps or none. */
  take(entry: Entry): void {
    if (isEvidence(entry, 'request')) this.request(entry)
    else if (isEvidence(entry, 'watch')) this.watch(entry)
    else if (isEvidence(entry, 'scheduling')) this.scheduling(entry)
    else if (isEvidence(entry, 'cri')) this.call(entry)
    else if (isEvidence(entry, 'process')) this.process(entry)
    else if (isEvidence(entry, 'probe')) this.probe(entry)
  }

  private request({ seq, at, data }: EvidenceEntry<'request'>): void {
    const { verb, target, code, revision } = data
    const isOwn = this.isHero(target)
    const isOwners = !this.isBorn && target.uid !== undefined && this.hero.owners.includes(target.uid)
    if (!writes.has(verb) || (!isOwn && !isOwners)) return
    if (isOwn) this.isBorn = true
    const isRefused = code >= 400
    const from = actorOf(data)
    this.steps.push({
      seq,
      at,
      from,
      to: 'apiserver',
      text: requestSentence(data),
      tone: isRefused ? 'warning' : 'good',
    })
    if (isRefused || revision === undefined) return
    this.steps.push({ seq, at, from: 'apiserver', to: 'etcd', text: told.written(revision), tone: 'good' })
    this.written.set(target.resource, revision)
    this.toldOf.clear()
  }

  /** A request that is answered with a Status names its object, and does not identify it. */
  private isHero({ uid, resource, namespace, name }: ObjectRef): boolean {
    if (uid !== undefined) return uid === this.hero.uid
    return (
      this.isBorn && resource === this.hero.resource && namespace === this.hero.namespace && name === this.hero.name
    )
  }

  /** The first delivery to each component after a write is how it hears of it. */
  private watch({ seq, at, data }: EvidenceEntry<'watch'>): void {
    const revision = this.written.get(data.resource)
    const to = this.listener(data.to)
    // A delivery that carries nothing but a bookmark is no news.
    if (revision === undefined || to === undefined || data.revision !== revision) return
    const key = `${data.to} ${data.resource}`
    if (this.toldOf.get(key) === revision) return
    this.toldOf.set(key, revision)
    this.steps.push({ seq, at, from: 'apiserver', to, text: told.heard(revision, data.to), tone: 'idle' })
  }

  private listener(component: string): Actor | undefined {
    if (component.startsWith('kube-controller-manager/')) return 'controllers'
    if (component.startsWith('kube-scheduler/')) return 'scheduler'
    return component === this.kubelet ? 'kubelet' : undefined
  }

  private scheduling({ seq, at, data }: EvidenceEntry<'scheduling'>): void {
    if (data.pod.uid !== this.hero.uid) return
    if (data.node !== undefined) this.kubelet = `kubelet/${data.node}`
    const tone = data.node === undefined ? 'warning' : 'good'
    this.steps.push({ seq, at, from: 'scheduler', to: 'scheduler', text: schedulingSentence(data), tone })
  }

  private call({ seq, at, data }: EvidenceEntry<'cri'>): void {
    const text = data.pod.uid === this.hero.uid ? callSentence(data) : undefined
    if (!text) return
    this.kubelet = `kubelet/${data.node}`
    this.steps.push({ seq, at, from: 'kubelet', to: 'runtime', text, tone: data.error === undefined ? 'good' : 'bad' })
  }

  private process({ seq, at, data }: EvidenceEntry<'process'>): void {
    if (data.pod?.uid !== this.hero.uid) return
    const tone = data.what === 'exited' && data.exitCode !== 0 ? 'bad' : 'good'
    this.steps.push({ seq, at, from: 'runtime', to: 'runtime', text: processSentence(data), tone })
  }

  /** Probes go on for ever: only a result that is another one is told. */
  private probe({ seq, at, data }: EvidenceEntry<'probe'>): void {
    if (data.pod.uid !== this.hero.uid) return
    const key = `${data.container}/${data.probe}`
    if (this.lastProbe.get(key) === data.result) return
    this.lastProbe.set(key, data.result)
    const tone = data.result === 'success' ? 'good' : 'warning'
    this.steps.push({ seq, at, from: 'kubelet', to: 'runtime', text: probeSentence(data), tone })
  }
}

function actorOf({ from = '', userAgent }: RequestEvidence): Actor {
  const name = from || userAgent
  if (name.startsWith('kube-controller-manager')) return 'controllers'
  if (name.startsWith('kube-scheduler')) return 'scheduler'
  if (name.startsWith('kubelet')) return 'kubelet'
  return 'user'
}
