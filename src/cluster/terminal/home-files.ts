import { samples } from '../../api/samples.ts'
import { metricsServerManifest } from '../addons/metrics-server.ts'
import { rootHome } from '../../shell/home.ts'

/** What lies in the home directory of the workstation: the manifests of the seed notes, and metrics-server's. */
const files = { ...samples, 'components.yaml': metricsServerManifest }

export const homeFiles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([name, text]) => [`${rootHome}/${name}`, text]),
)
