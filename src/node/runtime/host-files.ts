import type { RuntimeStatus } from '../cri/cri.ts'
import { type Engine, newId } from './engine.ts'
import { normalize } from './files.ts'
import type { RuntimeState } from './state.ts'

/** Where containerd looks for the configuration of a network plugin. */
const networkPluginDirectory = '/etc/cni/net.d'

/** Writes a file of the machine, or removes it when there is no text. */
export function writeHostFile(engine: Engine, path: string, text: string | undefined): void {
  const target = normalize(path)
  if (text === undefined) engine.state.hostFiles.delete(target)
  else engine.state.hostFiles.set(target, text)
  hostFileChanged(engine, target)
}

/** A file of the machine was written or removed: the network is ready as long as a plugin has a configuration. */
export function hostFileChanged(engine: Engine, path: string): void {
  if (!path.startsWith(`${networkPluginDirectory}/`)) return
  const { state, self } = engine
  if (!lookForNetwork(state)) return
  self.send(state.kubelet, 0, 'runtime-status', runtimeStatus(engine))
}

/** Looks at the directory anew, and returns whether that changed anything. */
function lookForNetwork(state: RuntimeState): boolean {
  const isReady = [...state.hostFiles.keys()].some(isNetworkConfiguration)
  if (isReady === state.networkReady) return false
  state.networkReady = isReady
  return true
}

function isNetworkConfiguration(path: string): boolean {
  return path.startsWith(`${networkPluginDirectory}/`) && /\.(conf|conflist|json)$/.test(path)
}

/** What containerd says of itself. */
export function runtimeStatus(engine: Engine): RuntimeStatus {
  const { state } = engine
  const bootId = (state.bootId ??= newId(engine).slice(0, 32))
  // The disk of a machine that was started anew may hold a configuration from before.
  lookForNetwork(state)
  if (state.networkReady) return { networkReady: true, message: '', bootId }
  return { networkReady: false, message: 'Network plugin returns error: cni plugin not initialized', bootId }
}
