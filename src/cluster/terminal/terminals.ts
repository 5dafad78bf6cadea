import { docs } from '../../api/docs.ts'
import type {
  HttpConnection,
  HttpRequest,
  HttpResponse,
  HttpStream,
} from '../../control-plane/apiserver/http/message.ts'
import type { WatchTarget } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import type { Files, Host, ShellProgram } from '../../shell/host.ts'
import { absolute } from '../../shell/paths.ts'
import { programs } from '../../shell/programs/index.ts'
import { rootOf } from '../../shell/shell.ts'
import type { ComponentDefinition } from '../../sim/component.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { StreamRequest } from '../../tools/kubectl/command.ts'
import { complete } from '../../tools/kubectl/completion.ts'
import type { Endpoint, Host as KubectlHost, KubeClient } from '../../tools/kubectl/host.ts'
import { kubectl, type Result } from '../../tools/kubectl/kubectl.ts'
import { type KubectlRequest, kubectlProgram } from '../../tools/kubectl/program.ts'
import { editor } from '../../tools/machine/editor.ts'
import { ssh } from '../../tools/machine/ssh.ts'
import { diskDefinition, diskName, newDisk } from './disk.ts'
import { Followers } from './following.ts'
import { kubeconfigFor } from './kubeconfig.ts'
import { promptOf, topOf } from './levels.ts'
import { Loopback } from './loopback.ts'
import { createTerminal, newTerminal, readsNow } from './terminal.ts'
import type { TerminalState } from './terminal-state.ts'
import { rootHome } from '../../shell/home.ts'
import { webFile } from './web-files.ts'

/** What terminals need of their cluster. */
export interface TerminalsOptions {
  simulation(): Simulation
  http(request: HttpRequest, target?: WatchTarget): HttpResponse | HttpStream | HttpConnection
  /** Whether a server can be reached: a connection is tried before anything is sent. */
  isListening(): boolean
  closeWatch(watchId: number): void
  readonly machines: MachineDoors
  /** Where its kubeconfig leads: `https://192.168.1.10:6443`. */
  readonly server: string
  /** Files in the home directory, by absolute path. */
  readonly files: Readonly<Record<string, string>>
}

/** What a terminal has printed since it was last asked. */
export interface TerminalText {
  readonly terminal: string
  readonly text: string
  readonly done?: { readonly exitCode: number; readonly prompt: string }
  /** What the program that runs reads: lines, or keys as they are pressed. */
  readonly reads?: 'line' | 'keys'
  /** A file that is to be edited. */
  readonly edit?: { readonly file: string; readonly text: string }
}

/** The machines that terminals are on: what is there, and how one gets there. */
export interface MachineDoors {
  readonly workstation: string
  /** Machines that one can log in to. */
  readonly names: readonly string[]
  addresses(machine: string): readonly string[]
  files(machine: string): Files
  /** Programs that a machine has besides those that all have. */
  programs(machine: string): Readonly<Record<string, ShellProgram>>
  /** Which machine ssh comes to from another, or why it does not, in its words. */
  login(from: string, target: string): Login
}

export type Login = { readonly machine: string } | { readonly refusal: string }

/** Where people work. */
const home = rootHome

/** How late a follower's watch is, in ms. */
const watchDelayMs = 3

/** Terminals on the workstation: shells with kubectl, on one disk. */
export class Terminals {
  readonly definitions: readonly ComponentDefinition<never>[]
  private readonly followers: Followers
  private readonly loopback: Loopback
  /** Programs by machine: made when they are first needed. */
  private readonly programs = new Map<string, Readonly<Record<string, ShellProgram>>>()

  constructor(private readonly options: TerminalsOptions) {
    this.followers = new Followers({
      open: (component, request) => this.openStream(component, request),
      close: watchId => options.closeWatch(watchId),
    })
    this.loopback = new Loopback({
      simulation: () => this.simulation,
      http: request => this.request(request),
      read: (machine, path) => options.machines.files(machine).read(path),
      followers: this.followers,
    })
    const terminal = createTerminal({
      hostFor: (_self, machine) => this.hostOf(machine),
      request: (self, key, request) => {
        if (isKubectlRequest(request)) this.followers.follow(self, key, request)
      },
      sweep: self => this.followers.sweep(self),
      delivered: (self, delivery) => this.followers.delivered(self, delivery),
      streamed: (self, message) => this.loopback.answered(self, message) ?? this.followers.streamed(self, message),
      typed: (self, text) => this.followers.typed(self, text),
      local: (self, connection) => this.loopback.local(self, connection),
      connected: (self, connection) => this.loopback.connected(self, connection),
      login: (from, target) => options.machines.login(from, target),
    })
    this.definitions = [terminal, diskDefinition]
  }

  /** Adds what is there before anybody opens a terminal. */
  begin(): void {
    const kubeconfig = kubeconfigFor(this.options.server)
    const files = {
      ...this.options.files,
      [`${home}/.kube/config`]: kubeconfig,
      '/etc/kubernetes/admin.conf': kubeconfig,
    }
    this.simulation.add(diskName, 'disk', newDisk(files))
  }

  /** Types a line into a terminal, which is opened if it is new. */
  line(terminal: string, line: string): void {
    const name = `terminal/${terminal}`
    this.open(name)
    this.simulation.schedule(name, 0, 'line', line)
  }

  /** Types text for the program that runs in a terminal: lines that it reads, or keys as they are pressed. */
  type(terminal: string, text: string): void {
    const name = `terminal/${terminal}`
    this.open(name)
    this.simulation.schedule(name, 0, 'type', text)
  }

  /** The editor of a terminal was closed: with a text that was saved, or without. */
  edited(terminal: string, text: string | undefined): void {
    const name = `terminal/${terminal}`
    if (this.simulation.has(name)) this.simulation.schedule(name, 0, 'edited', text)
  }

  /** Ctrl-C. */
  interrupt(terminal: string): void {
    const name = `terminal/${terminal}`
    if (this.simulation.has(name)) this.simulation.schedule(name, 0, 'interrupt')
  }

  /** Runs one kubectl command for the page, outside any terminal; one that would go on is left where it pauses. */
  kubectl(argv: readonly string[], stdin = ''): Result {
    return kubectl(argv, this.kubectlHost(stdin))
  }

  /** What all terminals have printed since the last call; they forget it. */
  takeOutput(): TerminalText[] {
    const texts: TerminalText[] = []
    for (const name of this.simulation.namesOf('terminal')) {
      const state = this.simulation.state<TerminalState>(name)
      const reads = readsNow(state)
      const now = `${reads ?? ''} ${state.editing?.file ?? ''}`
      if (state.output === '' && state.finished === undefined && state.told === now) continue
      const done = state.finished === undefined ? undefined : { exitCode: state.finished, prompt: promptOf(state) }
      const edit =
        state.editing && state.told !== now ? { file: state.editing.file, text: state.editing.text } : undefined
      texts.push({
        terminal: name.slice('terminal/'.length),
        text: state.output,
        ...(done && { done }),
        ...(reads && { reads }),
        ...(edit && { edit }),
      })
      state.output = ''
      state.finished = undefined
      state.told = now
    }
    return texts
  }

  /** What a line's last word could become: a program, a file, or what kubectl knows. The whole words are returned. */
  complete(terminal: string, line: string): readonly string[] {
    const name = `terminal/${terminal}`
    const top = this.simulation.has(name) ? topOf(this.simulation.state<TerminalState>(name)) : undefined
    const machine = top?.machine ?? this.options.machines.workstation
    const command = line.slice(line.search(/[^|;&(]*$/)).trimStart()
    const words = command.split(/\s+/)
    const word = words.at(-1) ?? ''
    if (words.length <= 1) {
      return this.hostOf(machine)
        .programNames()
        .filter(each => each.startsWith(word))
        .sort()
    }
    const isKubectl = words[0] === 'kubectl' || words[0] === 'k'
    if (isKubectl && !/^(-f|--filename|-k|--kustomize)$/.test(words.at(-2) ?? '')) {
      return complete(words, this.kubectlHost('', machine))
    }
    if (words[0] === 'ssh') return this.options.machines.names.filter(each => each.startsWith(word))
    return this.fileNames(machine, top ? rootOf(top.shell).cwd : home, word)
  }

  /** Files whose path begins so; directories end in a slash. */
  private fileNames(machine: string, cwd: string, word: string): readonly string[] {
    const files = this.options.machines.files(machine)
    const start = word.slice(0, word.lastIndexOf('/') + 1)
    const directory = absolute(cwd, start === '' ? '.' : start)
    const names = files.list(directory) ?? []
    return names
      .map(each => `${start}${each}${files.isDirectory(absolute(directory, each)) ? '/' : ''}`)
      .filter(each => each.startsWith(word))
  }

  private open(name: string): void {
    if (!this.simulation.has(name)) {
      this.simulation.add(name, 'terminal', newTerminal(this.options.machines.workstation))
    }
  }

  /** A machine as its shells find it. */
  private hostOf(machine: string): Omit<Host, 'now' | 'random' | 'write' | 'request' | 'cancel'> {
    const { machines } = this.options
    const programs = this.programsOf(machine)
    return {
      files: machines.files(machine),
      program(name) {
        const base = name.replace(/^(\/usr)?(\/local)?\/s?bin\//, '')
        return Object.hasOwn(programs, base) ? programs[base] : undefined
      },
      programNames: () => Object.keys(programs),
      hostName: machine,
      userName: 'root',
      addresses: machines.addresses(machine),
    }
  }

  private programsOf(machine: string): Readonly<Record<string, ShellProgram>> {
    const known = this.programs.get(machine)
    if (known) return known
    const kubectl = kubectlProgram({
      connect: endpoint => this.connect(endpoint),
      docs,
      web: webFile,
      isPortFree: port => this.loopback.isFree(machine, port),
    })
    const own = this.options.machines.programs(machine)
    const made = { ...programs, ...own, kubectl, k: kubectl, vi: editor, vim: editor, nano: editor, ssh }
    this.programs.set(machine, made)
    return made
  }

  private get simulation(): Simulation {
    return this.options.simulation()
  }

  /** A machine as kubectl finds it when the page runs it. */
  private kubectlHost(stdin: string, machine = this.options.machines.workstation): KubectlHost {
    return {
      files: this.options.machines.files(machine),
      env: { HOME: home },
      now: this.simulation.now,
      stdin: () => stdin,
      connect: endpoint => this.connect(endpoint),
      docs,
      web: webFile,
      random: () => this.simulation.random('page'),
    }
  }

  /** A connection to the API server, or undefined when nobody listens at the address. */
  private connect({ server, token }: Endpoint): KubeClient | undefined {
    if (server !== this.options.server) return undefined
    if (!this.options.isListening()) return undefined
    return {
      send: ({ method, path, headers, body }) => {
        const credentials = token === undefined ? {} : { Authorization: `Bearer ${token}` }
        return this.request({ method, path, headers: { ...headers, ...credentials }, body })
      },
    }
  }

  private request(request: HttpRequest): HttpResponse {
    const response = this.options.http(request)
    if ('body' in response) return response
    throw new Error(`${request.method} ${request.path} is answered with a stream`)
  }

  private openStream(
    component: string,
    { method, path, headers }: StreamRequest,
  ): HttpStream | HttpConnection | HttpResponse | { failure: string } {
    let answer: HttpStream | HttpConnection | HttpResponse | undefined
    const failure = attempt(() => {
      answer = this.options.http({ method, path, headers }, { component, delayMs: watchDelayMs })
    })
    return answer ?? { failure: failure?.message ?? 'the stream could not be opened' }
  }
}

function isKubectlRequest(request: unknown): request is KubectlRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'kubectl'
}
