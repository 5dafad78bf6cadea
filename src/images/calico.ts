import { calico, installConfig, setUpRoutes } from '../node/cni/plugins.ts'
import type { Image } from '../node/runtime/image.ts'
import type { Process, Program } from '../node/runtime/program.ts'
import { runsForever } from './generic.ts'

/** From exec to Felix and BIRD being up, in ms. */
const startUpMs = 2_500
/** Where the agent says that it is up, for the commands that its probes run. */
const readyFile = '/var/run/calico/ready'

const tags = /^v3\.(2[0-9]|3[01])\.\d+$/

/** calico-node: the agent, and in another process of the container the commands of its probes. */
const node: Program = {
  init: () => null,
  start(process) {
    const options = process.argv.slice(1)
    if (options.some(option => option.endsWith('-live'))) return process.exit(0)
    if (options.some(option => option.endsWith('-ready'))) return probe(process)
    if (options.some(option => /^-(init|shutdown)$/.test(option))) return process.exit(0)
    process.files.remove(readyFile)
    process.setTimer(startUpMs * (0.9 + 0.2 * process.random()))
  },
  timer(process) {
    process.log(`bird: Graceful restart started`)
    process.log(`Calico node name: ${process.host.node}`)
    process.files.write(readyFile, 'felix bird\n')
    setUpRoutes(process, calico)
  },
  usage: () => ({ cpuMillis: 22, memoryBytes: 110 * 2 ** 20 }),
}

function probe(process: Process): void {
  if (process.files.read(readyFile) !== undefined) return process.exit(0)
  process.log(
    'calico/node is not ready: BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket',
    'stderr',
  )
  process.exit(1)
}

/** install-cni: writes the plugin's configuration and ends. */
const install: Program = {
  init: () => null,
  start(process) {
    process.setTimer(600)
  },
  timer(process) {
    installConfig(process, calico, '/host/etc/cni/net.d')
    process.log(`Created /host/etc/cni/net.d/${calico.configFile}`)
    process.exit(0)
  },
}

/** A command that does its work at once: upgrading from an older IPAM, checking the controllers' health. */
const done: Program = { init: () => null, start: process => process.exit(0) }

/** Calico moved from Docker Hub to Quay with v3.30; both names are in use. */
export const calicoImages: readonly Image[] = ['quay.io/calico', 'docker.io/calico'].flatMap((owner): Image[] => [
  {
    repository: `${owner}/node`,
    hasTag: tag => tags.test(tag),
    sizeBytes: 158_000_000,
    entrypoint: ['start_runit'],
    programs: { start_runit: node, 'calico-node': node, '/bin/calico-node': node },
  },
  {
    repository: `${owner}/cni`,
    hasTag: tag => tags.test(tag),
    sizeBytes: 71_000_000,
    entrypoint: ['/opt/cni/bin/install'],
    programs: { '/opt/cni/bin/install': install, '/opt/cni/bin/calico-ipam': done },
  },
  {
    repository: `${owner}/kube-controllers`,
    hasTag: tag => tags.test(tag),
    sizeBytes: 36_000_000,
    user: 999,
    entrypoint: ['/usr/bin/kube-controllers'],
    programs: { '/usr/bin/kube-controllers': runsForever, '/usr/bin/check-status': done },
  },
])
