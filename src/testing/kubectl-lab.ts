// kubectl against an API server on virtual time: a workstation with files, and either a world whose objects are put in
// place and left alone, or a server to which commands speak one after the other. No controllers, no nodes.

import { docs } from '../api/docs.ts'
import { kubeconfigFor } from '../cluster/terminal/kubeconfig.ts'
import { put } from '../control-plane/etcd/store.ts'
import { keyFor } from '../control-plane/apiserver/resources.ts'
import { isApiObject } from '../control-plane/apiserver/objects.ts'
import { deepFreeze } from '../machinery/object.ts'
import type { WatchDelivery } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import type { HttpRequest, HttpResponse } from '../tools/kubectl/host.ts'
import type { Signal } from '../tools/kubectl/command.ts'
import type { Host } from '../tools/kubectl/host.ts'
import { kubectl, type Result, resume } from '../tools/kubectl/kubectl.ts'
import { apiLab, type ApiLab } from './api-lab.ts'
import type { CommandOptions, KubectlWorld, RecordedOutput } from './golden-kubectl.ts'
import type { JsonObject } from './golden-json.ts'

/** Who the kubeconfig is for: the subject of its certificate, and what kubeadm binds its group to. */
const certificate = { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'], fingerprint: 'f'.repeat(64) }
const apiGroup = 'rbac.authorization.k8s.io'
const administrators = {
  apiVersion: `${apiGroup}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'kubeadm:cluster-admins' },
  roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup, kind: 'Group', name: 'kubeadm:cluster-admins' }],
}

const server = 'https://192.168.1.10:6443'
const home = '/root'
const configPath = `${home}/.kube/config`

/** The kubeconfig of the recordings (golden/behaviour/README.md). */
export const kubeconfig = kubeconfigFor(server)

/** A workstation with kubectl on it. */
export class Workstation {
  readonly files: Record<string, string> = { [configPath]: kubeconfig }
  private clients = 0

  constructor(readonly lab: Pick<ApiLab, 'simulation' | 'api' | 'self' | 'advance'>) {
    const user = { name: 'kubernetes-super-admin', groups: ['system:masters'] }
    const place = { group: apiGroup, version: 'v1', resource: 'clusterrolebindings' }
    const { api, self } = lab
    attempt(() => api.request(self, { verb: 'create', ...place, body: administrators, user, userAgent: 'kubeadm' }))
  }

  /** Runs a command to its end, or until it is interrupted. */
  run(commandLine: string, options: Partial<CommandOptions> = {}): RecordedOutput {
    const { code, stdout, stderr } = this.carryOut(commandLine, options)
    return { code, stdout: asRecorded(stdout), stderr: asRecorded(stderr) }
  }

  private carryOut(commandLine: string, options: Partial<CommandOptions>): RecordedOutput {
    Object.assign(this.files, options.files)
    const argv = splitWords(commandLine)
    const host = this.host(options)
    let result: Result = kubectl(argv, host)
    let { stdout, stderr } = result
    const endsAt = this.lab.simulation.now + (options.seconds ?? 120) * 1000
    const meanwhile = (options.meanwhile ?? []).map(({ after, cmd }) => ({
      at: this.lab.simulation.now + after * 1000,
      cmd,
    }))
    let streams: Stream[] = []
    while (result.pause) {
      const { pause } = result
      if (pause.streams) streams = pause.streams.map(request => this.open(request))
      const signal: Signal = pause.edit
        ? { type: 'edited', text: editWith(options.env?.['KUBE_EDITOR'] ?? '', pause.edit.text) }
        : this.wait(streams, Math.min(pause.wakeAtMs ?? Infinity, endsAt), meanwhile)
      if (this.lab.simulation.now >= endsAt) return { stdout, stderr, code: null }
      result = resume(argv, this.host(options), pause, signal)
      stdout += result.stdout
      stderr += result.stderr
    }
    return { stdout, stderr, code: result.code ?? 0 }
  }

  /** The machine as it is now. */
  host({ stdin, env = {} }: Partial<CommandOptions> = {}): Host {
    const { files, lab } = this
    return {
      files: {
        read: path => files[normal(path)] ?? files[fromHome(path)],
        list: path => listOf(files, normal(path)) ?? listOf(files, fromHome(path)),
        write: (path, text) => void (files[normal(path)] = text),
      },
      env: { HOME: home, ...env },
      now: lab.simulation.now,
      stdin: () => stdin ?? '',
      connect: endpoint => (endpoint.server === server ? { send: request => this.send(request) } : undefined),
      random: () => 0.5,
      docs,
      isPortFree: () => true,
    }
  }

  private send(request: HttpRequest): HttpResponse {
    const answer = this.lab.api.http(this.lab.self, { ...request, certificate })
    if (!('body' in answer)) throw new Error('a watch needs a target')
    return answer
  }

  private open(request: HttpRequest): Stream {
    const { simulation, api, self } = this.lab
    const component = `kubectl-${++this.clients}`
    const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
    simulation.add(component, 'client', state)
    const answer = api.http(self, { ...request, certificate }, { component, delayMs: 1 })
    if (!('lines' in answer)) return { take: () => '', ended: true }
    return { take: () => state.deliveries.splice(0).map(answer.lines).join(''), ended: false }
  }

  /** Advances until a stream has something to say or it is time. */
  private wait(streams: readonly Stream[], until: number, meanwhile: { at: number; cmd: string }[]) {
    const { simulation, advance } = this.lab
    for (;;) {
      for (const [stream, { take, ended }] of streams.entries()) {
        const text = take()
        if (text !== '') return { type: 'data', stream, channel: 'stdout', text } as const
        if (ended) return { type: 'end', stream } as const
      }
      const [next] = meanwhile
      if (next && next.at <= simulation.now) {
        meanwhile.shift()
        this.run(next.cmd)
        continue
      }
      if (simulation.now >= until) return { type: 'time' } as const
      advance(Math.min(100, until - simulation.now))
    }
  }
}

interface Stream {
  take(): string
  ended: boolean
}

/** A world without controllers, loaded from a recording. */
export function kubectlWorld(): KubectlWorld {
  const lab = apiLab()
  const workstation = new Workstation(lab)
  return {
    load: state => loadState(lab, state),
    setClock: ms => lab.advance(Math.max(0, ms - lab.simulation.now)),
    run: (commandLine, options) => workstation.run(commandLine, options),
  }
}

/** Puts objects into etcd as they are: definitions first, without which custom resources have no place. */
export function loadState({ api, etcd }: ApiLab, state: readonly JsonObject[]): void {
  const isDefinition = ({ kind }: JsonObject): boolean => kind === 'CustomResourceDefinition'
  for (const object of [...state.filter(isDefinition), ...state.filter(each => !isDefinition(each))]) {
    if (!isApiObject(object)) throw new Error('the state holds objects')
    const resource = api.server.resources.findKind(object.apiVersion, object.kind)
    if (!resource) continue
    const stored = resource.conversion ? resource.conversion.toStored(object) : object
    put(etcd, keyFor(resource, object.metadata.namespace, object.metadata.name), deepFreeze(structuredClone(stored)))
  }
}

function normal(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/$/, '')
}

/** A path below the home directory as the recordings' files are named. */
function fromHome(path: string): string {
  return normal(path).replace(/^\/root(?:\/|$)/, '')
}

function listOf(files: Readonly<Record<string, string>>, folder: string): readonly string[] | undefined {
  const prefix = folder === '.' || folder === '' ? '' : `${folder}/`
  const below = Object.keys(files).filter(path => path.startsWith(prefix) && (prefix !== '' || !path.startsWith('/')))
  if (below.length === 0) return undefined
  return [...new Set(below.map(path => path.slice(prefix.length).split('/')[0] ?? ''))]
}

/** The words of a command line with its quotes resolved. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  const pattern = /(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(\s+))/gy
  let word: string | undefined
  for (const [, single, double, escaped, bare, space] of line.matchAll(pattern)) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '')
  }
  if (word !== undefined) words.push(word)
  return words
}

/** The editors of the recordings: `true`, `false`, and sed with one substitution or deletion. */
function editWith(editor: string, text: string): string | undefined {
  if (editor === 'false') return undefined
  const script = splitWords(editor).slice(2).join(' ')
  if (!editor.startsWith('sed -i')) return text
  if (script === 'd') return ''
  const [, pattern = '', replacement = ''] = /^s\/((?:[^/\\]|\\.)*)\/((?:[^/\\]|\\.)*)\/$/.exec(script) ?? []
  return text.replace(new RegExp(pattern, 'gm'), replacement)
}

/** What the recordings leave out: fingerprints, clocks and process ids of kubectl's log, names and times of temporary files. */
export function asRecorded(text: string): string {
  return text
    .replace(/X509SHA256=[0-9a-f]{64}/g, 'X509SHA256=<sha256>')
    .replace(/^W\d{4} [\d:.]+ +\d+ /gm, 'W<time> <pid> ')
    .replace(/(\/tmp\/(?:LIVE|MERGED|kubectl-edit)-)\d+/g, '$1<rand>')
    .replace(/^([-+]{3} \S+\t)2\d{3}-.*$/gm, '$1<time>')
}
