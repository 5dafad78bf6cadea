import { docs } from '../../api/docs.ts'
import type {
  HttpConnection,
  HttpRequest,
  HttpResponse,
  HttpStream,
} from '../../control-plane/apiserver/http/message.ts'
import type { WatchTarget } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import type { ShellProgram } from '../../shell/host.ts'
import { programs } from '../../shell/programs/index.ts'
import type { ComponentDefinition } from '../../sim/component.ts'
import type { Simulation } from '../../sim/simulation.ts'
import { absolute } from '../../shell/paths.ts'
import { rootOf } from '../../shell/shell.ts'
import { complete } from '../../tools/kubectl/completion.ts'
import type { Endpoint, Host as KubectlHost, KubeClient } from '../../tools/kubectl/host.ts'
import { kubectl, type Result } from '../../tools/kubectl/kubectl.ts'
import { diskDefinition, diskName, type DiskState, filesOf, newDisk } from './disk.ts'
import { Followers } from './following.ts'
import { type KubectlRequest, kubectlProgram } from '../../tools/kubectl/program.ts'
import { createTerminal, newTerminal, promptOf, type TerminalState } from './terminal.ts'

/** What terminals need of their cluster. */
export interface TerminalsOptions {
  simulation(): Simulation
  http(request: HttpRequest, target?: WatchTarget): HttpResponse | HttpStream | HttpConnection
  closeWatch(watchId: number): void
  /** Address and name of the machine that people type on. */
  readonly machine: string
  readonly address: string
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
}

/** Where people work. */
const home = '/root'

/** How late a follower's watch is, in ms. */
const watchDelayMs = 3

/** Terminals on the workstation: shells with kubectl, on one disk. */
export class Terminals {
  readonly definitions: readonly ComponentDefinition<never>[]
  private readonly followers: Followers
  private readonly programs: Readonly<Record<string, ShellProgram>>

  constructor(private readonly options: TerminalsOptions) {
    this.followers = new Followers({
      open: (component, request) => this.openStream(component, request.path, request.headers),
      close: watchId => options.closeWatch(watchId),
    })
    const program = kubectlProgram({ connect: endpoint => this.connect(endpoint), docs })
    this.programs = { ...programs, kubectl: program, k: program }
    const terminal = createTerminal({
      hostFor: () => ({
        files: filesOf(() => this.simulation.state<DiskState>(diskName)),
        program: name => this.program(name),
        programNames: () => Object.keys(this.programs),
        hostName: options.machine,
        userName: 'root',
        addresses: [options.address],
      }),
      request: (self, pid, request) => {
        if (isKubectlRequest(request)) this.followers.follow(self, pid, request)
      },
      sweep: self => this.followers.sweep(self),
      delivered: (self, delivery) => this.followers.delivered(self, delivery),
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
    if (!this.simulation.has(name)) this.simulation.add(name, 'terminal', this.fresh())
    this.simulation.schedule(name, 0, 'line', line)
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
      if (state.output === '' && state.finished === undefined) continue
      const done = state.finished === undefined ? undefined : { exitCode: state.finished, prompt: promptOf(state) }
      texts.push({ terminal: name.slice('terminal/'.length), text: state.output, ...(done && { done }) })
      state.output = ''
      state.finished = undefined
    }
    return texts
  }

  /** What a line's last word could become: a program, a file, or what kubectl knows. The whole words are returned. */
  complete(terminal: string, line: string): readonly string[] {
    const command = line.slice(line.search(/[^|;&(]*$/)).trimStart()
    const words = command.split(/\s+/)
    const word = words.at(-1) ?? ''
    if (words.length <= 1)
      return Object.keys(this.programs)
        .filter(name => name.startsWith(word))
        .sort()
    const isFile = words[0] !== 'kubectl' && words[0] !== 'k'
    if (isFile || /^(-f|--filename)$/.test(words.at(-2) ?? '')) return this.fileNames(terminal, word)
    return complete(words, this.kubectlHost(''))
  }

  /** Files whose path begins so; directories end in a slash. */
  private fileNames(terminal: string, word: string): readonly string[] {
    const name = `terminal/${terminal}`
    const cwd = this.simulation.has(name) ? rootOf(this.simulation.state<TerminalState>(name).shell).cwd : home
    const files = filesOf(() => this.simulation.state<DiskState>(diskName))
    const start = word.slice(0, word.lastIndexOf('/') + 1)
    const directory = absolute(cwd, start === '' ? '.' : start)
    const names = files.list(directory) ?? []
    return names
      .map(each => `${start}${each}${files.isDirectory(absolute(directory, each)) ? '/' : ''}`)
      .filter(each => each.startsWith(word))
  }

  private get simulation(): Simulation {
    return this.options.simulation()
  }

  /** The workstation as kubectl finds it when the page runs it. */
  private kubectlHost(stdin: string): KubectlHost {
    return {
      files: filesOf(() => this.simulation.state<DiskState>(diskName)),
      env: { HOME: home },
      now: this.simulation.now,
      stdin: () => stdin,
      connect: endpoint => this.connect(endpoint),
      docs,
      random: () => this.simulation.random('page'),
    }
  }

  private fresh(): TerminalState {
    const env = { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin', USER: 'root', SHELL: '/bin/bash', TERM: 'xterm' }
    return newTerminal(this.options.machine, env)
  }

  private program(name: string): ShellProgram | undefined {
    const base = name.replace(/^(\/usr)?(\/local)?\/s?bin\//, '')
    return Object.hasOwn(this.programs, base) ? this.programs[base] : undefined
  }

  /** A connection to the API server, or undefined when nobody listens at the address. */
  private connect({ server, token }: Endpoint): KubeClient | undefined {
    if (server !== this.options.server) return undefined
    const probe: HttpRequest = { method: 'GET', path: '/livez', headers: {} }
    if (attempt(() => void this.options.http(probe))) return undefined
    return {
      send: ({ method, path, headers, body }) => {
        const credentials = token === undefined ? {} : { Authorization: `Bearer ${token}` }
        const response = this.options.http({ method, path, headers: { ...headers, ...credentials }, body })
        if ('body' in response) return response
        throw new Error(`${method} ${path} is answered with a stream`)
      },
    }
  }

  private openStream(
    component: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): HttpStream | undefined {
    let stream: HttpStream | undefined
    attempt(() => {
      const response = this.options.http({ method: 'GET', path, headers }, { component, delayMs: watchDelayMs })
      if ('watchId' in response) stream = response
    })
    return stream
  }
}

function isKubectlRequest(request: unknown): request is KubectlRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'kubectl'
}

/** The administrator's kubeconfig as `kubeadm init` writes it, with the certificates left out. */
function kubeconfigFor(server: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: DATA+OMITTED
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: DATA+OMITTED
    client-key-data: DATA+OMITTED
`
}
