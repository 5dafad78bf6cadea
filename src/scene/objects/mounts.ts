import { ConfigMap } from '../../api/core/configmap.ts'
import type { Pod } from '../../api/core/pod.ts'
import { Secret } from '../../api/core/secret.ts'
import { idOf } from '../contribution.ts'

/** Ids of what a Pod mounts or takes its environment from, each once. */
export function mountsOf({ metadata, spec }: Pod): readonly string[] {
  const namespace = metadata.namespace ?? ''
  const found = new Set<string>()
  const configMap = (name: string | undefined) => name && found.add(idOf.config(ConfigMap.resource, namespace, name))
  const secret = (name: string | undefined) => name && found.add(idOf.config(Secret.resource, namespace, name))
  for (const volume of spec.volumes ?? []) {
    configMap(volume.configMap?.name)
    secret(volume.secret?.secretName)
    if (volume.persistentVolumeClaim) found.add(idOf.volume(namespace, volume.persistentVolumeClaim.claimName))
    if (volume.ephemeral) found.add(idOf.volume(namespace, `${metadata.name}-${volume.name}`))
    for (const source of volume.projected?.sources ?? []) {
      // The root certificate is in every Pod's token volume.
      if (source.configMap?.name !== 'kube-root-ca.crt') configMap(source.configMap?.name)
      secret(source.secret?.name)
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      configMap(configMapRef?.name)
      secret(secretRef?.name)
    }
    for (const { valueFrom } of container.env ?? []) {
      configMap(valueFrom?.configMapKeyRef?.name)
      secret(valueFrom?.secretKeyRef?.name)
    }
  }
  return [...found]
}
