import { initialState } from '../control-plane/apiserver/state.ts'
import { controlPlaneImage } from './control-plane.ts'

/** The API server: its container's life is that of the component `kube-apiserver/<machine>`. */
export const kubeApiServerImage = controlPlaneImage('kube-apiserver', 'v1.36.2', {
  type: 'apiserver',
  ports: [6443],
  sizeBytes: 27_100_000,
  memoryBytes: 310 * 2 ** 20,
  cpuMillis: 45,
  state: initialState,
})
