import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AskMessage, Input, SessionMessage, SessionRecord } from '../../protocol/messages.ts'
import { delta } from '../testing/items.ts'
import { AskError, SessionClient } from './client.ts'
import { Journal, withoutLastInput } from './journal.ts'
import type { SessionPort } from './port.ts'
import { Supervisor, type Trouble } from './supervisor.ts'

const record: SessionRecord = {
  format: 1,
  engine: '1',
  seed: 1,
  topology: { preset: 'm-k8s', masters: 1, workers: 3, workerCpu: 2, workerMemoryMiB: 2048 },
  inputs: [],
  at: 1_000,
}
const shell = (line: string): Input => ({ type: 'shell', terminal: 't1', line })

/** A port whose session does what the test says. */
class FakePort implements SessionPort {
  readonly asked: AskMessage[] = []
  isEnded = false
  isSilent = false
  hear: (message: SessionMessage) => void = () => undefined
  readonly post = (message: AskMessage) => {
    this.asked.push(message)
    if (this.isSilent || message.ask.ask === 'input') return
    queueMicrotask(() => {
      this.hear({ type: 'reply', reply: { id: message.id, ok: true, value: undefined } })
    })
  }
  readonly listen = (hear: (message: SessionMessage) => void) => {
    this.hear = hear
  }
  readonly terminate = () => {
    this.isEnded = true
  }
  frame(now: number): void {
    const clock = { now, start: 0, end: now, playing: true, speed: 1, reachedSpeed: 1, booted: true }
    this.hear({ type: 'frame', frame: { ...clock, scene: delta({}), terminals: [] } })
  }
  get opened(): SessionRecord | undefined {
    const ask = this.asked[0]?.ask
    return ask?.ask === 'open' ? ask.record : undefined
  }
}

function supervised() {
  const ports: FakePort[] = []
  const troubles: Trouble[] = []
  const supervisor = new Supervisor(
    () => {
      const port = new FakePort()
      ports.push(port)
      return port
    },
    { onFrame: () => undefined, onRecord: () => undefined, onTrouble: trouble => troubles.push(trouble) },
  )
  return { supervisor, ports, troubles, words: () => troubles.map(({ what }) => what) }
}

const settled = () => new Promise(resolve => setTimeout(resolve, 0))

describe('the page and its session', () => {
  it('[A14] gives each reply to the ask that it belongs to, in whatever order they come', async () => {
    const port = new FakePort()
    port.isSilent = true
    const client = new SessionClient(port, { onFrame: () => undefined, onCrash: () => undefined })
    const first = client.ask({ ask: 'digest' })
    const second = client.ask({ ask: 'complete', terminal: 't1', line: 'k' })
    port.hear({ type: 'reply', reply: { id: 2, ok: true, value: ['kubectl'] } })
    port.hear({ type: 'reply', reply: { id: 1, ok: false, error: 'no such thing' } })
    await expect(second).resolves.toEqual(['kubectl'])
    await expect(first).rejects.toEqual(new AskError('no such thing'))
  })

  it('[J4] keeps every input that the last record does not hold, and none twice', () => {
    const journal = new Journal(record)
    journal.note(1_100, shell('one'))
    const asked = journal.asking()
    journal.note(1_200, shell('two'))
    journal.saved({ ...record, inputs: [{ at: 1_105, input: shell('one') }], at: 1_150 }, asked)
    const again = journal.record(1_300)
    expect(again.inputs).toEqual([
      { at: 1_105, input: shell('one') },
      { at: 1_200, input: shell('two') },
    ])
    expect(again.at).toBe(1_300)
    expect(withoutLastInput(again)).toMatchObject({ inputs: [{ at: 1_105 }], at: 1_200 })
  })

  it('[J4] opens a crashed session again with the input that never arrived', async () => {
    const { supervisor, ports, words } = supervised()
    await supervisor.open(record)
    ports[0]?.frame(2_000)
    supervisor.input(shell('kubectl get pods')).catch(() => undefined)
    ports[0]?.hear({ type: 'crashed', error: 'assertion failed', record: { ...record, at: 1_900 } })
    await settled()
    expect(ports).toHaveLength(2)
    expect(ports[0]?.isEnded).toBe(true)
    expect(ports[1]?.opened).toMatchObject({ at: 2_000, inputs: [{ at: 2_000, input: shell('kubectl get pods') }] })
    expect(words()).toEqual(['crashed', 'recovered'])
  })

  it('[J4] refuses what was asked of a session that died, so that nobody waits for ever', async () => {
    const { supervisor, ports } = supervised()
    await supervisor.open(record)
    const waiting = supervisor.input(shell('x'))
    ports[0]?.hear({ type: 'crashed', error: 'assertion failed', record })
    await expect(waiting).rejects.toEqual(new AskError('the session has ended'))
  })

  it('[J4] gives up after three failures in a minute and hands over the record', async () => {
    const { supervisor, ports, troubles } = supervised()
    await supervisor.open(record)
    for (let failure = 0; failure < 4; failure++) {
      ports.at(-1)?.hear({ type: 'crashed', error: 'assertion failed', record })
      await settled()
    }
    expect(ports).toHaveLength(4)
    expect(troubles.at(-1)).toEqual({ what: 'gave-up', error: 'assertion failed', record })
  })
})

describe('a session that falls silent', () => {
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockReturnValue(0)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('[J4] is asked for a sign of life, then ended and opened again', async () => {
    const { supervisor, ports, words } = supervised()
    await supervisor.open(record)
    const [port] = ports
    if (port) port.isSilent = true
    supervisor.watch(1_000)
    expect(port?.asked).toHaveLength(1)
    supervisor.watch(3_000)
    expect(port?.asked.at(-1)?.ask.ask).toBe('trace')
    supervisor.watch(9_000)
    expect(port?.isEnded).toBe(false)
    supervisor.watch(12_000)
    await settled()
    expect(port?.isEnded).toBe(true)
    expect(words()).toEqual(['hung', 'recovered'])
  })

  it('[J4] while it replays a long log is left in peace', async () => {
    const { supervisor, ports } = supervised()
    await supervisor.open(record)
    const [port] = ports
    if (port) port.isSilent = true
    supervisor.ask({ ask: 'seek', at: 9_000 }).catch(() => undefined)
    supervisor.watch(30_000)
    expect(port?.isEnded).toBe(false)
  })
})
