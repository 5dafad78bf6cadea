import type { Cluster } from '../cluster/cluster.ts'
import type { Mark, Motion, SceneDelta } from '../scene/model.ts'
import { markOf, motionOf } from '../scene/motions.ts'
import { type Infrastructure, newScene, type Scene, updateScene } from '../scene/scene.ts'

/** More motions than this in one frame cannot be seen: at high speeds only a part of them is sent. */
const maxMotions = 200

/** What one page has been told of a cluster, so that it can be told what changed since. */
export class Frames {
  private scene: Scene = newScene()
  private revision = 0
  private traceSeen = 0
  private isReset = true
  /** Marks that no delta has carried yet. */
  private marks: Mark[] = []

  constructor(private readonly cluster: Cluster) {}

  /** Starts over with the next delta: time was moved by hand, or the page is new. */
  reset(): void {
    // What was there before keeps its place in lists and on the graph.
    const { orders, nextOrder } = this.scene
    this.scene = { ...newScene(), orders, nextOrder }
    this.revision = 0
    this.traceSeen = Math.min(this.traceSeen, this.cluster.simulation.trace.end)
    this.isReset = true
  }

  /** Notes what belongs on the timeline while no deltas are made: the trace forgets, and a replay may be long. */
  gather(): void {
    this.readTrace()
  }

  /** Everything that changed since the last call. What moves on the way to another time is not to be seen. */
  next(isOnTheWay: boolean): SceneDelta {
    const { changes, revision } = this.cluster.changesSince(this.revision)
    this.revision = revision
    const delta = updateScene(this.scene, changes, infrastructureOf(this.cluster))
    const reset = this.isReset
    const moved = this.readTrace()
    const motions = reset || isOnTheWay ? [] : moved
    const { marks } = this
    this.marks = []
    this.isReset = false
    return { ...delta, reset, motions, marks }
  }

  private readTrace(): Motion[] {
    const { trace } = this.cluster.simulation
    const motions: Motion[] = []
    for (const entry of trace.since(this.traceSeen)) {
      const mark = markOf(entry)
      if (mark) this.marks.push(mark)
      const motion = motions.length < maxMotions ? motionOf(entry) : undefined
      if (motion) motions.push(motion)
    }
    this.traceSeen = trace.end
    return motions
  }
}

function infrastructureOf(cluster: Cluster): Infrastructure {
  const installing = !cluster.isBooted()
  const machines = cluster.machineViews().map(({ cpu, memoryMiB, ...machine }) => ({
    ...machine,
    cpu: String(cpu),
    memory: `${memoryMiB}Mi`,
    installing,
  }))
  return { machines, components: cluster.componentViews().map(component => ({ ...component, installing })) }
}
