import type { PodNetworkEvent } from '../../network/network.ts'
import type { Process } from '../runtime/program.ts'

/** A network plugin: what it leaves on a machine so that Pods get a network. */
export interface NetworkPlugin {
  readonly name: 'calico' | 'flannel' | 'cilium' | 'weave'
  /** Its file in /etc/cni/net.d: the kubelet calls the network ready when one is there. */
  readonly configFile: string
  readonly config: object
}

const portmap = { type: 'portmap', capabilities: { portMappings: true } }

export const calico: NetworkPlugin = {
  name: 'calico',
  configFile: '10-calico.conflist',
  config: {
    ...{ name: 'k8s-pod-network', cniVersion: '0.3.1' },
    plugins: [
      {
        ...{ type: 'calico', log_level: 'info', log_file_path: '/var/log/calico/cni/cni.log' },
        ...{ datastore_type: 'kubernetes', mtu: 0, ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } },
        kubernetes: { kubeconfig: '/etc/cni/net.d/calico-kubeconfig' },
      },
      { ...portmap, snat: true },
      { type: 'bandwidth', capabilities: { bandwidth: true } },
    ],
  },
}

export const flannel: NetworkPlugin = {
  name: 'flannel',
  configFile: '10-flannel.conflist',
  config: {
    ...{ name: 'cbr0', cniVersion: '0.3.1' },
    plugins: [{ type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } }, portmap],
  },
}

export const cilium: NetworkPlugin = {
  name: 'cilium',
  configFile: '05-cilium.conflist',
  config: {
    ...{ name: 'cilium', cniVersion: '0.3.1' },
    plugins: [{ type: 'cilium-cni', 'enable-debug': false, 'log-file': '/var/run/cilium/cilium-cni.log' }],
  },
}

export const weave: NetworkPlugin = {
  name: 'weave',
  configFile: '10-weave.conflist',
  config: { name: 'weave', cniVersion: '0.3.0', plugins: [{ type: 'weave-net', hairpinMode: true }, portmap] },
}

/** Writes the plugin's configuration where the container has the machine's /etc/cni/net.d mounted. */
export function installConfig(process: Process, plugin: NetworkPlugin, directory: string): void {
  process.files.write(`${directory}/${plugin.configFile}`, `${JSON.stringify(plugin.config, null, 2)}\n`)
}

/** The plugin's agent has set up routes to the Pods of other machines. They stay when it ends. */
export function setUpRoutes(process: Process, plugin: NetworkPlugin): void {
  const event: PodNetworkEvent = { machine: process.host.node, plugin: plugin.name }
  process.tell('network', 'pod-network', event)
}
