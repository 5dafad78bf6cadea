import { describe, expect, it } from 'vitest'
import type { ApiRequest, Transport, WatchDelivery } from '../../machinery/rest.ts'
import { ApiError } from '../../machinery/status.ts'
import { Simulation } from '../../sim/simulation.ts'
import { type FollowersState, newFollowers, revisionOf } from './cursors.ts'
import { createFollowers, type Follow, followersName } from './followers.ts'

/** Followers over an API server of which only the revisions matter. */
class World {
  readonly simulation: Simulation
  readonly pins: string[] = []
  readonly watches = new Map<number, string>()
  connected = true
  serverRuns = true
  revision = 10

  constructor() {
    const transport: Transport = {
      request: () => this.answer({ metadata: { resourceVersion: String(this.revision) }, items: [] }),
      watch: (request: ApiRequest) => {
        this.answer(undefined)
        this.watches.set(this.watches.size + 1, request.resource)
        return this.watches.size
      },
      stopWatch: () => undefined,
      latencyMs: () => 0,
    }
    const definition = createFollowers({
      followed: {
        pin: (kind, revision) => void this.pins.push(`pin ${kind.plural}@${revision}`),
        unpin: (kind, revision) => void this.pins.push(`unpin ${kind.plural}@${revision}`),
      },
      transport: () => transport,
      isConnected: () => this.connected,
    })
    this.simulation = new Simulation({ seed: 1, startMs: 0, definitions: [definition] })
    this.simulation.add(followersName, 'followers', newFollowers())
    this.tell('start')
  }
  private answer(body: unknown): { code: number; body: unknown; warnings: string[] } {
    if (!this.serverRuns) throw new ApiError('ConnectionFailed', 'connection refused')
    return { code: 200, body, warnings: [] }
  }
  tell(type: string, data?: unknown): void {
    this.simulation.schedule(followersName, 0, type, data)
    this.run(0)
  }
  follow(name: string, more: Partial<Follow> = {}): void {
    this.tell('follow', { name, machine: 'w1', lagMs: 20, periodMs: 1_000, ...more })
  }
  /** An EndpointSlice or a Service is written; all watches see it at once. */
  write(watchId = 2): void {
    this.revision++
    const event = {
      type: 'MODIFIED' as const,
      revision: this.revision,
      object: { apiVersion: '', kind: '', metadata: { name: '', uid: '', resourceVersion: '', creationTimestamp: '' } },
    }
    const delivery: WatchDelivery = { watchId, events: [event] }
    this.tell('watch', delivery)
  }
  run(ms: number): void {
    this.simulation.runUntil(this.simulation.now + ms)
  }
  at(name: string): number {
    return revisionOf(this.simulation.state<FollowersState>(followersName), name, this.simulation.now)
  }
}

describe('[A9] followers', () => {
  it('have no rules until they have seen the first revision', () => {
    const world = new World()
    expect(world.at('kube-proxy/w1')).toBe(0)
    world.follow('kube-proxy/w1')
    expect(world.at('kube-proxy/w1')).toBe(0)
    world.run(20)
    expect(world.at('kube-proxy/w1')).toBe(10)
  })

  it('see a change after their lag, and no more often than once a period', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(5_000)
    world.write()
    expect(world.at('kube-proxy/w1')).toBe(10)
    world.run(20)
    expect(world.at('kube-proxy/w1')).toBe(11)
    const seen: string[] = []
    for (let ms = 0; ms < 2_500; ms += 100) {
      world.write()
      world.run(100)
      const line = String(world.at('kube-proxy/w1'))
      if (seen.at(-1) !== line) seen.push(line)
    }
    expect(seen).toEqual(['11', '21', '31'])
  })

  it('come to the same revision however often somebody looks', () => {
    const looks = (everyMs: number): number[] => {
      const world = new World()
      world.follow('kube-proxy/w1', { lagMs: 35 })
      for (let ms = 0; ms < 7_000; ms += 10) {
        if (ms % 130 === 0) world.write()
        world.run(10)
        if (ms % everyMs === 0) world.at('kube-proxy/w1')
      }
      const history = []
      for (let ms = 0; ms < 1_500; ms += 10) {
        world.run(10)
        history.push(world.at('kube-proxy/w1'))
      }
      return history
    }
    expect(looks(10)).toEqual(looks(1_000_000))
  })

  it('stay where they are when cut off, pinned, and catch up afterwards', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(5_000)
    world.connected = false
    world.tell('links')
    expect(world.pins).toEqual(['pin services@10', 'pin endpointslices@10'])
    world.write(4)
    world.run(60_000)
    expect(world.at('kube-proxy/w1')).toBe(10)
    world.connected = true
    world.tell('links')
    expect(world.at('kube-proxy/w1')).toBe(10)
    world.run(20)
    expect(world.at('kube-proxy/w1')).toBe(11)
    expect(world.pins.slice(2)).toEqual(['unpin services@10', 'unpin endpointslices@10'])
  })

  it('have seen all that came in time before they were cut off, even if nobody looked', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(5_000)
    world.write()
    world.run(1_000)
    world.connected = false
    world.tell('links')
    world.run(1_000)
    expect(world.at('kube-proxy/w1')).toBe(11)
  })

  it('leave their rules behind in the kernel when the process dies, and nothing when the machine does', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(5_000)
    world.tell('unfollow', { name: 'kube-proxy/w1', keep: true })
    world.write()
    world.run(60_000)
    expect(world.at('kube-proxy/w1')).toBe(10)
    world.tell('reboot', 'w1')
    expect(world.at('kube-proxy/w1')).toBe(0)
    expect(world.pins.slice(2)).toEqual(['unpin services@10', 'unpin endpointslices@10'])
  })

  it('go on when a server is gone without a word', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(200_000)
    expect(world.watches.size).toBeGreaterThanOrEqual(4)
    world.write(world.watches.size)
    world.run(1_000)
    expect(world.at('kube-proxy/w1')).toBe(11)
  })

  it('go on after the API server was away', () => {
    const world = new World()
    world.follow('kube-proxy/w1')
    world.run(5_000)
    world.serverRuns = false
    for (const watchId of [1, 2]) world.tell('watch', { watchId, events: [], closed: 'closed' })
    world.run(30_000)
    expect(world.at('kube-proxy/w1')).toBe(10)
    world.serverRuns = true
    world.run(2_000)
    world.write(3)
    world.run(1_000)
    expect(world.at('kube-proxy/w1')).toBe(11)
  })
})
