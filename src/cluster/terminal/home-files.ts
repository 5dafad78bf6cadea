import { samples } from '../../api/samples.ts'
import { rootHome } from '../../shell/home.ts'

/** What lies in the home directory of the workstation: the manifests of the seed notes. */
export const homeFiles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(samples).map(([name, text]) => [`${rootHome}/${name}`, text]),
)
