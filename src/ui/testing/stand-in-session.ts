import { seedLab } from '../../api/lab.ts'
import type { Answers, Ask, LoggedInput, SessionRecord, TerminalOutput } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import type { SessionPort } from '../session/port.ts'
import { play } from './stand-in-actions.ts'
import { StandInWorld, worldStart } from './stand-in-world.ts'

const frameMs = 33
const prompt = '[root@workstation ~]# '

const emptyRecord: SessionRecord = {
  format: 1,
  engine: 'stand-in',
  seed: 1,
  topology: seedLab,
  inputs: [],
  at: worldStart,
}

type Handlers = { [K in Ask['ask']]: (ask: Extract<Ask, { ask: K }>) => Answers[K] }

/** A session that only pretends: it drives the page in component tests and in `vite --mode stand-in`. */
export function standInPort(): SessionPort {
  const session = new StandInSession()
  const answers = session.handlers()
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    listen: onMessage => {
      session.send = onMessage
      timer = setInterval(() => {
        session.tick()
      }, frameMs)
    },
    post: ({ id, ask }) => {
      setTimeout(() => {
        session.send({ type: 'reply', reply: { id, ok: true, value: reply(answers, ask) } })
      }, 4)
    },
    terminate: () => {
      clearInterval(timer)
    },
  }
}

function reply(answers: Handlers, ask: Ask): unknown {
  const handle: (ask: never) => unknown = answers[ask.ask]
  return Reflect.apply(handle, undefined, [ask])
}

class StandInSession {
  send: Parameters<SessionPort['listen']>[0] = () => undefined
  #record = emptyRecord
  #world = new StandInWorld(3)
  #playing = false
  #speed = 1
  #end = worldStart
  #terminals: TerminalOutput[] = []
  #inputs: LoggedInput[] = []

  tick(): void {
    if (this.#playing) this.#world.runTo(this.#world.now + frameMs * this.#speed)
    this.#frame(false)
  }

  handlers(): Handlers {
    return {
      open: ask => {
        this.#record = ask.record
        this.#inputs = [...ask.record.inputs]
        this.#playing = ask.paused !== true
        return this.#goTo(ask.record.at)
      },
      input: ({ input }) => {
        this.#inputs.push({ at: this.#world.now, input })
        if (input.type === 'shell') this.#terminals.push(...shell(this.#world, input.terminal, input.line))
        return play(this.#world, input)
      },
      play: () => void (this.#playing = true),
      pause: () => void (this.#playing = false),
      step: ask => {
        if (ask.ms === undefined) this.#world.step()
        else this.#world.runTo(this.#world.now + ask.ms)
        return { at: this.#world.now }
      },
      speed: ask => void (this.#speed = ask.speed),
      seek: ask => this.#goTo(ask.at),
      save: () => ({ ...this.#record, inputs: [...this.#inputs], at: this.#world.now }),
      digest: () => 'stand-in',
      why: () => [],
      allocation: () => ({ at: this.#world.now, cpu: nothing, memory: nothing, pods: { count: 0, most: 0 } }),
      placement: () => undefined,
      story: () => ({ steps: [] }),
      next: () => ({ at: this.#world.now, found: false }),
      object: ask => object(this.#world.find(ask.resource, ask.name)),
      api: ask => ({ status: 200, contentType: 'application/json', body: events(ask.path) }),
      diff: ({ yaml }) => ({ text: unifiedDiff(yaml), errors: [] }),
      trace: ({ since, limit }) => trace(since, limit),
      complete: ({ line }) => completions(line),
    }
  }

  #goTo(at: number): { readonly at: number } {
    this.#world = new StandInWorld(this.#record.topology.workers)
    for (const logged of this.#inputs.filter(each => each.at <= at)) {
      this.#world.runTo(logged.at)
      play(this.#world, logged.input)
    }
    this.#world.runTo(Math.max(worldStart, at))
    this.#frame(true)
    return { at: this.#world.now }
  }

  #frame(reset: boolean): void {
    this.#end = Math.max(this.#end, this.#world.now)
    const { now, booted } = this.#world
    const scene = this.#world.takeDelta(reset)
    const [playing, speed] = [this.#playing, this.#speed]
    const clock = { now, start: worldStart, end: this.#end, playing, speed, reachedSpeed: playing ? speed : 0, booted }
    this.send({ type: 'frame', frame: { ...clock, scene, terminals: this.#terminals } })
    this.#terminals = []
  }
}

const nothing = { allocatable: 0, requested: 0, limited: 0 }

function shell(world: StandInWorld, terminal: string, line: string): TerminalOutput[] {
  const pods = [...world.items.values()].filter(item => item.type === 'pod' && item.namespace === 'default')
  const rows = pods.map(pod => `${pod.name.padEnd(34)}1/1     ${pod.status.padEnd(10)}0          12s`)
  const text = line.startsWith('kubectl get po')
    ? ['NAME                              READY   STATUS    RESTARTS   AGE', ...rows].join('\n') + '\n'
    : line === ''
      ? ''
      : `bash: ${line.split(' ')[0] ?? ''}: command not found\n`
  return [{ terminal, text, done: { exitCode: 0, prompt } }]
}

function object(item: SceneItem | undefined): Answers['object'] {
  if (!item) return { yaml: '', describe: '', events: [] }
  const version = item.resource?.includes('.apps') ? 'apps/v1' : 'v1'
  const meta = `metadata:\n  name: ${item.name}\n  namespace: ${item.namespace ?? ''}\n  labels:\n    app: nginx\n`
  const spec =
    'spec:\n  containers:\n    - name: nginx\n      image: nginx # as it was applied\n      ports: [{ containerPort: 80 }]\n'
  const yaml = `apiVersion: ${version}\nkind: ${item.kind ?? ''}\n${meta}${spec}status:\n  phase: ${item.status}\n`
  const describe = `Name:             ${item.name}\nNamespace:        ${item.namespace ?? ''}\nStatus:           ${item.status}\n`
  const at = worldStart + 4_000
  const from = 'default-scheduler'
  const message = `Successfully assigned default/${item.name} to w1-k8s`
  return { yaml, describe, events: [{ at, type: 'Normal', reason: 'Scheduled', message, count: 1, from }] }
}

function events(path: string): string {
  if (!path.includes('/events')) return '{}'
  const items = ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started', 'BackOff'].map((reason, index) => ({
    metadata: { name: `web.${index}`, namespace: 'default', uid: String(index) },
    type: reason === 'BackOff' ? 'Warning' : 'Normal',
    reason,
    message: `${reason} for container nginx of the Pod that was just made`,
    involvedObject: { kind: 'Pod', name: 'echo-hname-5d8f7c9d4-x2k9p', namespace: 'default' },
    lastTimestamp: new Date(worldStart + 5_000 + index * 700).toISOString(),
    source: { component: index === 0 ? 'default-scheduler' : 'kubelet' },
    count: 1,
  }))
  return JSON.stringify({ kind: 'EventList', items })
}

function unifiedDiff(yaml: string): string {
  const lines = yaml.split('\n').slice(0, 12)
  const head = ['--- live', '+++ merged', `@@ -1,${lines.length} +1,${lines.length + 1} @@`]
  return [...head, ...lines.map(line => ` ${line}`), '+  replicas: 5', '-  replicas: 3'].join('\n')
}

function trace(since: number, limit: number): Answers['trace'] {
  const last = 60
  const entries = Array.from({ length: Math.max(0, Math.min(limit, last - since)) }, (_, index) => ({
    seq: since + index,
    at: worldStart + (since + index) * 180,
    by: ['kube-apiserver', 'kube-scheduler', 'w1-k8s/kubelet'][index % 3] ?? '',
    type: ['request', 'scheduling', 'cri'][index % 3] ?? '',
    data: { verb: 'create', target: { resource: 'pods', name: `echo-${index}` }, code: 201 },
  }))
  return { entries, next: since + entries.length }
}

function completions(line: string): readonly string[] {
  const word = line.split(' ').at(-1) ?? ''
  const words = ['kubectl', 'get', 'pods', 'deployments', 'services', 'describe', 'delete', 'apply', 'curl']
  return words.filter(each => each.startsWith(word) && each !== word)
}
