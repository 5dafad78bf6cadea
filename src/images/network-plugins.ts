import { cilium, flannel, installConfig, type NetworkPlugin, setUpRoutes, weave } from '../node/cni/plugins.ts'
import { anyProgram } from '../node/runtime/find-program.ts'
import type { Image } from '../node/runtime/image.ts'
import type { Program } from '../node/runtime/program.ts'
import { runsForever } from './generic.ts'
import { listenOrExit, plain } from './listening.ts'

/** From exec to routes, in ms. */
const startUpMs = 2_000

/** What an agent does besides setting up routes. */
interface Agent {
  /** Where it writes the plugin's configuration itself; left out where an init container has done that. */
  readonly directory?: string
  /** Port on which it answers its probes. */
  readonly healthPort?: number
}

function agent(plugin: NetworkPlugin, { directory, healthPort }: Agent): Program {
  return {
    init: () => null,
    start: process => void process.setTimer(startUpMs * (0.9 + 0.2 * process.random())),
    timer(process) {
      if (healthPort !== undefined && !listenOrExit(process, [[healthPort, 'tcp']])) return
      if (directory !== undefined) installConfig(process, plugin, directory)
      setUpRoutes(process, plugin)
    },
    serve: (process, request) => process.respond(request, plain(200, 'ok'), 1),
    usage: () => ({ cpuMillis: 15, memoryBytes: 60 * 2 ** 20 }),
  }
}

/** An init container's command: it has nothing to do here and ends. */
const done: Program = { init: () => null, start: process => process.exit(0) }

/** `cp -f /etc/kube-flannel/cni-conf.json /etc/cni/net.d/10-flannel.conflist`, as Flannel's install-cni runs it. */
const copy: Program = {
  init: () => null,
  start(process) {
    const [from, to] = process.argv.slice(1).filter(argument => !argument.startsWith('-'))
    const text = process.files.read(from ?? '')
    if (text !== undefined && to !== undefined) process.files.write(to, text)
    else if (to?.endsWith(`/${flannel.configFile}`)) installConfig(process, flannel, '/etc/cni/net.d')
    process.exit(0)
  },
}

/** What Weave's image starts. */
const launcher = `${'/home'}/weave/launch.sh`

const anyTag = (tag: string): boolean => /^v?\d+\.\d+(\.\d+)?(-[\w.]+)?$/.test(tag)

function image(repository: string, sizeBytes: number, entrypoint: string, programs: Image['programs']): Image {
  return { repository, hasTag: anyTag, sizeBytes, entrypoint: [entrypoint], programs }
}

/** Network plugins other than Calico, under the names that their manifests use. */
export const networkPluginImages: readonly Image[] = [
  ...['ghcr.io/flannel-io', 'docker.io/flannel'].flatMap(owner => [
    image(`${owner}/flannel`, 33_000_000, '/opt/bin/flanneld', { '/opt/bin/flanneld': agent(flannel, {}), cp: copy }),
    image(`${owner}/flannel-cni-plugin`, 4_900_000, 'cp', { cp: copy }),
  ]),
  image('quay.io/cilium/cilium', 226_000_000, 'cilium-agent', {
    'cilium-agent': agent(cilium, { directory: '/host/etc/cni/net.d', healthPort: 9_879 }),
    [anyProgram]: done,
  }),
  image('quay.io/cilium/operator-generic', 31_000_000, 'cilium-operator-generic', {
    'cilium-operator-generic': agentOf(9_234),
  }),
  image('docker.io/weaveworks/weave-kube', 33_000_000, launcher, {
    [launcher]: agent(weave, { directory: '/host/etc/cni/net.d', healthPort: 6_784 }),
    [anyProgram]: done,
  }),
  image('docker.io/weaveworks/weave-npc', 13_000_000, '/usr/bin/launch.sh', { [anyProgram]: runsForever }),
]

/** A server that only answers its probes. */
function agentOf(port: number): Program {
  return {
    ...runsForever,
    start: process => void listenOrExit(process, [[port, 'tcp']]),
    serve: (process, request) => process.respond(request, plain(200, 'ok'), 1),
  }
}
