import { samples } from '../../api/samples.ts'
import { metricsServerManifest } from '../addons/metrics-server.ts'

/** metrics-server's own release lacks the option that labs need: kubeadm's kubelets cannot be verified, so it never gets ready. */
const released = metricsServerManifest.replace(/^ *- --kubelet-insecure-tls\n/m, '')

/** Manifests that people apply from the web, by their addresses. */
const known: readonly (readonly [address: RegExp, text: string])[] = [
  [/\/metrics-server\/releases\/(latest\/download|download\/v[\d.]+)\/components\.yaml$/, released],
  [/\/examples\/application\/php-apache\.yaml$/, samples['php-apache.yaml'] ?? ''],
]

/** The text at an address of the web, as far as it is on board: nothing here goes out of the page. */
export function webFile(url: string): string | undefined {
  return known.find(([address]) => address.test(url))?.[1]
}
