import { type AuditState, auditSettings } from '../control-plane/apiserver/audit/settings.ts'
import { initialState } from '../control-plane/apiserver/state.ts'
import type { Parsed } from '../machinery/parsed.ts'
import type { Process } from '../node/runtime/program.ts'
import { controlPlaneImage, processOf } from './control-plane.ts'

/** The API server: its container's life is that of the component `kube-apiserver/<machine>`. */
export const kubeApiServerImage = controlPlaneImage('kube-apiserver', 'v1.36.2', {
  type: 'apiserver',
  ports: [6443],
  sizeBytes: 27_100_000,
  memoryBytes: 310 * 2 ** 20,
  cpuMillis: 45,
  state: process => initialState(audit(process).value),
  cannotStart: process => audit(process).error,
})

/** What its flags say of an audit log; the policy is a file that its manifest mounts. */
function audit(process: Process): Parsed<AuditState | undefined> {
  const { argv, files } = process
  return auditSettings({ argv, ...processOf(process), read: path => files.read(path) })
}
