import type { Pod } from '../../api/core/pod.ts'
import type { Files, ShellProgram } from '../../shell/host.ts'
import type { KubeletState, ManifestEvent } from '../../node/kubelet/state.ts'
import type { RuntimeState } from '../../node/runtime/state.ts'
import type { Simulation } from '../../sim/simulation.ts'
import { writeYaml } from '../../tools/kubectl/printers/yaml.ts'
import { machinePrograms } from '../../tools/machine/index.ts'
import { isManifest, manifestFolder, manifestPath, podIn } from '../manifest-files.ts'
import { staticPods } from '../static-pods.ts'
import type { Machine } from '../topology.ts'
import { diskName, type DiskState, filesOf } from './disk.ts'
import { kubeconfigFor } from './kubeconfig.ts'
import { machineView, type ViewOptions } from './machine-view.ts'
import type { MachineDoors } from './terminals.ts'
import { rootHome } from '../../shell/home.ts'

/** What is needed of the world to stand before its machines. */
export interface DoorsOptions extends ViewOptions {
  /** `https://192.168.1.10:6443`. */
  readonly server: string
  isReachable(from: string, to: string): boolean
}

const home = rootHome

/** The machines as those who log in to them find them. */
export function machineDoors(options: DoorsOptions): MachineDoors {
  const { machines } = options
  const workstation = machines.find(({ role }) => role === 'workstation')?.name ?? ''
  const named = (name: string): Machine | undefined =>
    machines.find(machine => machine.name === name || machine.address === name)
  return {
    workstation,
    names: machines.filter(({ role }) => role !== 'workstation').map(({ name }) => name),
    addresses: name => machines.flatMap(machine => (machine.name === name ? [machine.address] : [])),
    files(name) {
      const machine = named(name)
      if (!machine || machine.role === 'workstation')
        return filesOf(() => options.simulation().state<DiskState>(diskName))
      return nodeFiles(options, machine)
    },
    programs(name): Readonly<Record<string, ShellProgram>> {
      const machine = named(name)
      return machine ? machinePrograms(machineView(options, machine)) : {}
    },
    login(from, target) {
      const machine = named(target) ?? (target === 'localhost' ? named(from) : undefined)
      if (!machine) return { refusal: `ssh: Could not resolve hostname ${target}: Name or service not known` }
      const where = `ssh: connect to host ${target} port 22`
      if (machine.role !== 'workstation' && !options.isOn(machine.name))
        return { refusal: `${where}: No route to host` }
      if (!options.isReachable(from, machine.name)) return { refusal: `${where}: Connection timed out` }
      return { machine: machine.name }
    },
  }
}

/** The disk of a node: what came with it, and what anybody wrote since. Manifests are those that the kubelet reads. */
function nodeFiles({ simulation, machines, server, podNetwork }: DoorsOptions, machine: Machine): Files {
  const { name } = machine
  const base = filesOfImage(machine, machines, server)
  const written = (): Map<string, string> => simulation().state<RuntimeState>(`runtime/${name}`).hostFiles
  const pods = (): ReadonlyMap<string, Pod> => {
    const kubelet = `kubelet/${name}`
    return simulation().has(kubelet) ? simulation().state<KubeletState>(kubelet).manifests : new Map<string, Pod>()
  }
  const masters = machines.filter(({ role }) => role === 'master')
  /** Manifests as kubeadm wrote them: what the kubelet makes of them has another name. */
  const installed = (): ReadonlyMap<string, string> =>
    new Map(staticPods(machine, podNetwork, masters).map(pod => [manifestPath(pod), writeYaml(pod)]))
  const read = (path: string): string | undefined => {
    const gone = `${path}\0`
    if (written().has(gone)) return undefined
    return written().get(path) ?? (pods().has(path) ? installed().get(path) : base.get(path))
  }
  const paths = (): string[] => [...new Set([...base.keys(), ...written().keys(), ...pods().keys()])]
  const write = (path: string, text: string | undefined): void => {
    written().delete(`${path}\0`)
    if (text === undefined) {
      written().delete(path)
      if (base.has(path) || pods().has(path)) written().set(`${path}\0`, '')
    } else written().set(path, text)
    if (isManifest(path)) tellKubelet(simulation(), name, path, text)
    else simulation().schedule(`runtime/${name}`, 0, 'host-file', { path, ...(text !== undefined && { text }) })
  }
  const isDirectory = (path: string): boolean =>
    path === '/' || roots.has(path) || paths().some(each => each.startsWith(`${path}/`) && !each.endsWith('\0'))
  return {
    read,
    isDirectory,
    write,
    append: (path, text) => write(path, (read(path) ?? '') + text),
    remove(path) {
      const isThere = read(path) !== undefined || written().has(`${path}/`)
      if (written().has(`${path}/`)) written().delete(`${path}/`)
      else if (isThere) write(path, undefined)
      return isThere
    },
    list(path) {
      if (!isDirectory(path)) return undefined
      const prefix = path === '/' ? '/' : `${path}/`
      const inside = paths().filter(each => each.startsWith(prefix) && each !== prefix && !each.endsWith('\0'))
      const shown = inside.filter(each => each.endsWith('/') || read(each) !== undefined)
      const below = [...roots].filter(each => each.startsWith(prefix))
      return [...new Set([...shown, ...below].map(each => each.slice(prefix.length).split('/')[0] ?? ''))]
        .filter(each => each !== '')
        .sort()
    },
    makeDirectory: path => void (isDirectory(path) || written().set(`${path}/`, '')),
  }
}

const roots = new Set([
  manifestFolder,
  '/etc/kubernetes',
  rootHome,
  '/tmp',
  '/etc',
  '/var',
  '/var/log',
  '/home',
  '/opt',
  '/usr',
  '/usr/bin',
  '/mnt',
  '/srv',
])

/** A manifest was saved or taken away: the kubelet's watch of its directory notices. */
function tellKubelet(simulation: Simulation, machine: string, path: string, text: string | undefined): void {
  const kubelet = `kubelet/${machine}`
  if (!simulation.has(kubelet)) return
  const pod = text === undefined ? undefined : podIn(text)
  const event: ManifestEvent = { path, ...(pod && { pod }) }
  simulation.schedule(kubelet, 1_000, 'manifest', event)
}

function filesOfImage(machine: Machine, machines: readonly Machine[], server: string): ReadonlyMap<string, string> {
  const hosts = machines.map(({ address, name }) => `${address} ${name}\n`).join('')
  const config = kubeconfigFor(server)
  const own: Record<string, string> = {
    '/etc/hostname': `${machine.name}\n`,
    '/etc/hosts': `127.0.0.1 localhost\n${hosts}`,
    '/etc/resolv.conf': 'nameserver 8.8.8.8\nsearch localdomain\n',
    '/etc/os-release':
      'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
    '/etc/crictl.yaml': 'runtime-endpoint: unix:///run/containerd/containerd.sock\n',
    '/etc/kubernetes/kubelet.conf': config.replaceAll('kubernetes-admin', `system:node:${machine.name}`),
    '/var/lib/kubelet/config.yaml': kubeletConfig,
  }
  if (machine.role === 'master') {
    Object.assign(own, { '/etc/kubernetes/admin.conf': config, [`${home}/.kube/config`]: config })
  }
  return new Map(Object.entries(own))
}

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`
