import { ConfigMap } from '../../api/core/configmap.ts'
import type { Api } from '../../client/api.ts'
import { range, type EtcdState } from '../../control-plane/etcd/store.ts'
import { attempt } from '../../machinery/status.ts'
import type { Kept } from '../../tools/machine/machine-view.ts'

/** What etcd keeps below a prefix, as etcdctl shows it. */
export function keysIn(etcd: EtcdState, prefix: string): readonly Kept[] {
  const found = range(etcd, '/registry/'.startsWith(prefix) ? '/registry/' : prefix)
  return found.map(({ key, value, modRevision }) => ({ key, value: JSON.stringify(value), revision: modRevision }))
}

/** How kube-proxies work: the mode that their ConfigMap tells them. */
export function proxyModeIn(api: Api): 'iptables' | 'ipvs' {
  let text = ''
  attempt(() => {
    text = api.find(ConfigMap, 'kube-proxy', 'kube-system')?.data?.['config.conf'] ?? ''
  })
  return /^mode:\s*"?ipvs"?\s*$/m.test(text) ? 'ipvs' : 'iptables'
}
