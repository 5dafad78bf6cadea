import { kindOf } from '../api/index.ts'
import { Namespace } from '../api/core/namespace.ts'
import { Node } from '../api/core/node.ts'
import { Pod, isReady } from '../api/core/pod.ts'
import { type Api, createApi } from '../client/api.ts'
import type { Transport, UserInfo } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../sim/component.ts'
import { adminBinding } from './addons/kubeadm-roles.ts'
import { type Manifest, parseManifest } from './addons/manifest.ts'

/** Who kubeadm's admin.conf is for. */
export const administrator: UserInfo = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
}

/** Who super-admin.conf is for: whoever is of system:masters needs no role, so that there can be a first one. */
const superAdministrator: UserInfo = {
  name: 'kubernetes-super-admin',
  groups: ['system:masters', 'system:authenticated'],
}

/** Where an installation stands. Plain data. */
export interface KubeadmState {
  step:
    | 'bare'
    | 'static-pods'
    | 'wait-api'
    | 'mark-masters'
    | 'addons'
    | 'join'
    | 'network'
    | 'extras'
    | 'wait-pods'
    | 'done'
  /** Machines that are still to join, in order. */
  readonly waiting: string[]
}

export interface KubeadmOptions {
  readonly masters: readonly string[]
  readonly workers: readonly string[]
  /** CoreDNS, kube-proxy and what else `kubeadm init` uploads. */
  readonly addons: readonly Manifest[]
  /** The network plugin's manifest, which a person applies after `kubeadm init`. */
  readonly network: readonly Manifest[]
  /** What the preset installs besides. */
  readonly extras: readonly Manifest[]
  transport(component: string): Transport
  /** Starts runtime and kubelet on a machine; a master's finds its static Pods. */
  startMachine(name: string): void
}

type KubeadmSelf = Self<KubeadmState>

/** APICallRetryInterval of kubeadm. */
const pollMs = 500
/** `kubeadm join` on one worker after the other: about what a person with a prepared command line takes. */
const joinEveryMs = 400

export function newKubeadm(workers: readonly string[]): KubeadmState {
  return { step: 'static-pods', waiting: [...workers] }
}

/**
 * `kubeadm init` on the masters, the network plugin, and `kubeadm join` on the workers: the installation of the labs
 * that people know, as a component that works through it against the real API. Models cmd/kubeadm/app/cmd/phases.
 */
export function createKubeadm(options: KubeadmOptions): ComponentDefinition<KubeadmState> {
  const apis = new Map<string, Api>()
  const apiOf = (self: KubeadmSelf): Api => {
    // Its first deed is to give the administrator his role.
    const { step } = self.state
    const user = step === 'wait-api' || step === 'bare' ? superAdministrator : administrator
    const key = `${self.name} ${user.name}`
    let api = apis.get(key)
    if (!api) {
      const identity = { user, userAgent: 'kubeadm/v1.36.2 (linux/amd64)' }
      apis.set(key, (api = createApi(options.transport(self.name), identity)))
    }
    return api
  }
  return defineComponent<KubeadmState>({
    type: 'kubeadm',
    on: {
      start: self => self.schedule(0, 'step'),
      step(self) {
        const api = apiOf(self)
        const failure = attempt(() => {
          const nextMs = advance(self, api, options)
          if (nextMs !== undefined) self.schedule(nextMs, 'step')
        })
        api.takeSpentMs()
        // The API server comes and goes while it is being installed: kubeadm tries again.
        if (failure) self.schedule(pollMs, 'step')
      },
    },
  })
}

/** Does the next step and returns when the one after it is due, in ms. */
function advance(self: KubeadmSelf, api: Api, options: KubeadmOptions): number | undefined {
  const { state } = self
  switch (state.step) {
    case 'bare':
      // Nothing to install but the role that admin.conf counts on.
      createAll(api, parseManifest(adminBinding))
      state.step = 'done'
      return undefined
    case 'static-pods':
      for (const master of options.masters) options.startMachine(master)
      state.step = 'wait-api'
      return pollMs
    case 'wait-api':
      api.get(Namespace, 'kube-system')
      createAll(api, parseManifest(adminBinding))
      state.step = 'mark-masters'
      return pollMs
    case 'mark-masters':
      if (!options.masters.every(master => markMaster(api, master))) return pollMs
      state.step = 'addons'
      return 0
    case 'addons':
      createAll(api, options.addons)
      state.step = 'join'
      return joinEveryMs
    case 'join': {
      const worker = state.waiting.shift()
      if (worker !== undefined) options.startMachine(worker)
      if (state.waiting.length === 0) state.step = 'network'
      return joinEveryMs
    }
    case 'network':
      createAll(api, options.network)
      state.step = 'extras'
      return 0
    case 'extras':
      createAll(api, options.extras)
      state.step = 'wait-pods'
      return pollMs
    case 'wait-pods':
      if (!isSettled(api, options)) return pollMs
      state.step = 'done'
      return undefined
    case 'done':
      return undefined
  }
}

/** Labels and taints that `kubeadm init` gives a control-plane node (phases/markcontrolplane). */
function markMaster(api: Api, name: string): boolean {
  const node = api.find(Node, name)
  if (!node) return false
  const taints = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]
  const labels = {
    'node-role.kubernetes.io/control-plane': '',
    'node.kubernetes.io/exclude-from-external-load-balancers': '',
  }
  api.patch(Node, node, 'strategic', { metadata: { labels }, spec: { taints } })
  return true
}

/** Creates what is not there yet, so that a step that failed half-way can be done again. */
function createAll(api: Api, manifests: readonly Manifest[]): void {
  for (const manifest of manifests) {
    const kind = kindOf(manifest)
    if (!kind) throw new Error(`an add-on is of kind ${manifest.apiVersion} ${manifest.kind}, which is not served`)
    const failure = attempt(() => api.create(kind, manifest))
    if (failure && failure.reason !== 'AlreadyExists') throw failure
  }
}

/** All machines are Nodes, and every Pod of the system runs and is ready. */
function isSettled(api: Api, { masters, workers }: KubeadmOptions): boolean {
  const nodes = api.list(Node)
  if (nodes.length < masters.length + workers.length) return false
  const isNodeReady = (node: Node): boolean =>
    node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  if (!nodes.every(isNodeReady)) return false
  return api.list(Pod).every(pod => isReady(pod))
}
