import type { Cluster } from '../cluster/cluster.ts'
import type { WatchDelivery } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import type { StreamMessage, StreamRef } from '../machinery/streams.ts'
import type { OutsideMessage, OutsideRequest } from '../protocol/messages.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'

/** What the API server answers a client outside, or why no server could be reached. */
export type OutsideAnswer = ReturnType<Cluster['http']> | { readonly unreachable: string }

/** What comes on an open connection. */
export type OutsideNews = WatchDelivery | StreamMessage

/** The far end of a connection: a watch by its number, or a stream. */
type FarEnd = { readonly watchId: number } | StreamRef

interface OutsideState {
  readonly open: Map<number, FarEnd>
  /** Connections by what their news are marked with. */
  readonly byMark: Map<string, number>
}

/** The component that stands for all clients outside. */
const name = 'clients'

/**
 * Clients outside of the simulation: what they ask is an input of the session, what they are told goes to listeners. Who
 * listens is not part of the world: a session that is played again has nobody outside, and goes the same way.
 */
export class Outside {
  readonly definition: ComponentDefinition<OutsideState>
  private readonly listeners = new Map<number, (news: OutsideNews) => void>()

  constructor() {
    this.definition = defineComponent<OutsideState>({
      type: name,
      on: {
        watch: ({ state }, delivery: WatchDelivery) =>
          this.hear(state, `watch ${delivery.watchId}`, delivery, delivery.closed !== undefined),
        stream: ({ state }, message: StreamMessage) =>
          this.hear(state, `stream ${message.stream}`, message, message.what === 'end'),
      },
    })
  }

  begin({ simulation }: Cluster): void {
    simulation.add(name, name, { open: new Map(), byMark: new Map() } satisfies OutsideState)
  }

  /** From now on, news of a connection go to the listener. */
  listen(connection: number, listener: (news: OutsideNews) => void): void {
    this.listeners.set(connection, listener)
  }

  forget(connection: number): void {
    this.listeners.delete(connection)
  }

  /** Sends a request to the API; with a number, news of what it opens come under that. */
  request(cluster: Cluster, request: OutsideRequest, connection: number | undefined): OutsideAnswer {
    const target = connection === undefined ? undefined : { component: name, delayMs: 0 }
    let answer: OutsideAnswer
    try {
      answer = cluster.http(request, target)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { unreachable: error.message }
    }
    const far =
      'watchId' in answer ? { watchId: answer.watchId } : 'connection' in answer ? answer.connection : undefined
    if (connection === undefined || !far) return answer
    const state = stateOf(cluster)
    state.open.set(connection, far)
    state.byMark.set(markOf(far), connection)
    return answer
  }

  /** Sends something on an open connection. One that has ended takes nothing any more. */
  send(cluster: Cluster, connection: number, message: OutsideMessage): void {
    const state = stateOf(cluster)
    const far = state.open.get(connection)
    if (!far) return
    if (message.send === 'close') {
      state.open.delete(connection)
      state.byMark.delete(markOf(far))
    }
    if ('watchId' in far) {
      if (message.send === 'close') cluster.stopWatch(far.watchId)
      return
    }
    const { send, ...data } = message
    cluster.simulation.schedule(far.component, 0, `stream-${send}`, { stream: far.id, ...data })
  }

  private hear(state: OutsideState, mark: string, news: OutsideNews, isLast: boolean): void {
    const connection = state.byMark.get(mark)
    if (connection === undefined) return
    if (isLast) {
      state.byMark.delete(mark)
      state.open.delete(connection)
    }
    this.listeners.get(connection)?.(news)
  }
}

function stateOf({ simulation }: Cluster): OutsideState {
  return simulation.state(name)
}

function markOf(far: FarEnd): string {
  return 'watchId' in far ? `watch ${far.watchId}` : `stream ${far.id}`
}
