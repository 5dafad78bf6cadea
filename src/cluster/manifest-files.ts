import type { Pod } from '../api/core/pod.ts'
import type { NewObject } from '../client/api.ts'
import { parseYaml } from '../tools/kubectl/api/manifests.ts'
import { attemptUsage } from '../tools/kubectl/errors.ts'
import { nameOf, objectsAt, textAt } from '../tools/kubectl/unstructured.ts'

/** `staticPodPath` of a kubelet that kubeadm has configured. */
export const manifestFolder = '/etc/kubernetes/manifests'

export function isManifest(path: string): boolean {
  return path.startsWith(`${manifestFolder}/`) && path.endsWith('.yaml')
}

export function manifestPath({ metadata }: { readonly metadata?: { readonly name?: string } }): string {
  return `${manifestFolder}/${metadata?.name ?? ''}.yaml`
}

/** The Pod of a manifest; what is none is passed over, as kubelets do after a line in their log. */
export function podIn(text: string): NewObject<Pod> | undefined {
  let value: unknown
  if (attemptUsage(() => void (value = parseYaml('manifest', text)[0]))) return undefined
  return isPod(value) ? value : undefined
}

function isPod(value: unknown): value is NewObject<Pod> {
  const containers = objectsAt(value, 'spec', 'containers')
  const isNamed = containers.every(({ name, image }) => typeof name === 'string' && typeof image === 'string')
  return textAt(value, 'kind') === 'Pod' && nameOf(value) !== '' && containers.length > 0 && isNamed
}
