import { assumePod, isAssumed } from './cache.ts'
import { cycleOf, type Diagnosis, findFeasible, type Search } from './cycle.ts'
import { evidenceOf } from './evidence.ts'
import { noNodes, nothingFits } from './failure.ts'
import { recordNote } from './event-recorder.ts'
import { podInfoOf } from './pod-info.ts'
import { dequeue, nominate, nominatedTo, type QueuedPod, type QueueState, takeNext } from './queue.ts'
import { pickBest, type Scores, scoreNodes } from './scoring.ts'
import type { Run } from './state.ts'
import { assumeVolumes } from './volumes/pre-bind.ts'
import { callAfterLimit } from './writes.ts'

/** What a scheduling cycle takes, and what it takes longer for every node that is asked, in ms. */
const cycleMs = 0.4
const cycleMsPerNode = 0.002

/** Takes the next Pod and looks for a node, as ScheduleOne of pkg/scheduler/schedule_one.go. Returns how long it took. */
export function scheduleOne(run: Run): number {
  const { queue, cache } = run.self.state
  const queued = takeNext(queue)
  if (!queued) return 0
  const { metadata } = queued.pod
  if (metadata.deletionTimestamp) {
    dequeue(queue, metadata.uid)
    const note = `skip schedule deleting pod: ${metadata.namespace ?? ''}/${metadata.name}`
    recordNote(run.self.state.recorder, run.events, run.self.now, {
      regarding: queued.pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      action: 'Scheduling',
      note,
    })
    return 0
  }
  if (isAssumed(cache, metadata.uid)) {
    dequeue(queue, metadata.uid)
    return 0
  }
  return cycleMs + cycleMsPerNode * placePod(run, queued)
}

/** Looks for a node for the Pod and returns how many nodes were asked. */
function placePod(run: Run, queued: QueuedPod): number {
  const { self, profile, objects } = run
  const { state } = self
  const cycle = cycleOf(state, objects)
  const pod = podInfoOf(queued.pod)
  const search: Search = { plugins: profile.plugins, pod, cycle, startAt: state.startAt, ...promises(state.queue) }
  if (cycle.nodes.length === 0) {
    noNodes(run, queued, search)
    return 0
  }
  const diagnosis = findFeasible(search)
  const asked = diagnosis.feasible.length + diagnosis.refusals.size
  if (!diagnosis.refusedAll && diagnosis.asksAll) state.startAt = (state.startAt + asked) % cycle.nodes.length
  if (diagnosis.feasible.length === 0) nothingFits(run, queued, search, diagnosis)
  else bindToBest(run, queued, search, diagnosis)
  return asked
}

function promises(queue: QueueState): Pick<Search, 'nominated'> {
  return queue.nominated.size === 0 ? {} : { nominated: node => nominatedTo(queue, node) }
}

function bindToBest(run: Run, { pod }: QueuedPod, search: Search, diagnosis: Diagnosis): void {
  const { self, profile } = run
  const { feasible, places } = diagnosis
  const candidates = { nodes: feasible, places }
  const scores: Scores | undefined =
    feasible.length > 1
      ? scoreNodes(profile.plugins, search.pod, candidates, search.cycle, diagnosis.remarks)
      : undefined
  const best = scores ? pickBest(scores.totals) : 0
  const chosen = feasible[best]
  if (!chosen) return
  self.record('scheduling', evidenceOf(profile.name, search, diagnosis, { scores, node: chosen.name, chosen: best }))
  assumePod(self.state.cache, search.pod, chosen.name)
  assumeVolumes(run, pod, chosen.name)
  nominate(self.state.queue, pod, '')
  callAfterLimit(run, 'bind', { uid: pod.metadata.uid, node: chosen.name })
}
