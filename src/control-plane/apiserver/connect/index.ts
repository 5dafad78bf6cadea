import type { Connecter } from './connecting.ts'
import { attachToPod, execInPod, forwardPort } from './pods.ts'
import { proxyToNode, proxyToPod, proxyToService } from './proxy.ts'

const upgrading = ['GET', 'POST']
const proxying = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

const connecters: Readonly<Record<string, Connecter>> = {
  'pods/exec': { methods: upgrading, upgrades: true, connect: execInPod },
  'pods/attach': { methods: upgrading, upgrades: true, connect: attachToPod },
  'pods/portforward': { methods: upgrading, upgrades: true, connect: forwardPort },
  'pods/proxy': { methods: proxying, upgrades: false, connect: proxyToPod },
  'services/proxy': { methods: proxying, upgrades: false, connect: proxyToService },
  'nodes/proxy': { methods: proxying, upgrades: false, connect: proxyToNode },
}

/** The connecter of a subresource, by `<resource>/<subresource>`. */
export function connecterFor(resource: string, subresource: string | undefined): Connecter | undefined {
  const name = `${resource}/${subresource ?? ''}`
  return Object.hasOwn(connecters, name) ? connecters[name] : undefined
}
