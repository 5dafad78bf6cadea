import type { Container } from '../../api/core/pod.ts'
import type { EnvFromSource, EnvVar } from '../../api/generated/core.v1.ts'
import { type Kubelet, podEvent } from './context.ts'
import { expand } from './expansion.ts'
import { fieldValue, resourceValue } from './field-ref.ts'
import { configMap, secret } from './objects.ts'
import { serviceEnvironment } from './service-environment.ts'
import type { PodWorker } from './state.ts'
import { decodeBase64 } from '../../machinery/base64.ts'
import { own } from '../../machinery/json-value.ts'

type Environment =
  { readonly ok: true; readonly env: Readonly<Record<string, string>> } | { readonly ok: false; readonly error: string }

type Value = { readonly value?: string; readonly error?: string }

/**
 * A container's environment: what Services there are, then envFrom, then env; later ones win. Models
 * makeEnvironmentVariables of pkg/kubelet/kubelet_pods.go. Throws ApiError when an object cannot be asked for.
 */
export function environmentOf(kubelet: Kubelet, worker: PodWorker, container: Container): Environment {
  const services = serviceEnvironment(kubelet, worker.pod)
  if (!container.envFrom && !container.env) return { ok: true, env: services }
  const env: Record<string, string> = {}
  for (const source of container.envFrom ?? []) {
    const error = addAll(kubelet, worker, source, env)
    if (error !== undefined) return { ok: false, error }
  }
  for (const variable of container.env ?? []) {
    const { value, error } = valueOf(kubelet, worker, container, variable, { ...services, ...env })
    if (error !== undefined) return { ok: false, error }
    if (value !== undefined) env[variable.name] = value
  }
  return { ok: true, env: { ...services, ...env } }
}

function addAll(
  kubelet: Kubelet,
  worker: PodWorker,
  { prefix = '', configMapRef, secretRef }: EnvFromSource,
  env: Record<string, string>,
): string | undefined {
  const data: Record<string, string> = {}
  if (configMapRef) {
    const found = configMap(kubelet, worker, configMapRef.name)
    if (!found && !configMapRef.optional) return `configmap "${configMapRef.name}" not found`
    Object.assign(data, found?.data)
  }
  if (secretRef) {
    const found = secret(kubelet, worker, secretRef.name)
    if (!found && !secretRef.optional) return `secret "${secretRef.name}" not found`
    for (const [key, encoded] of Object.entries(found?.data ?? {})) data[key] = decodeBase64(encoded)
  }
  const invalid: string[] = []
  for (const [key, value] of Object.entries(data)) {
    const name = `${prefix}${key}`
    // IsRelaxedEnvVarName: any printable ASCII but '='.
    if (/^[ -<>-~]+$/.test(name)) env[name] = value
    else invalid.push(name)
  }
  if (invalid.length > 0) {
    const { namespace = 'default' } = worker.pod.metadata
    const source = configMapRef
      ? `configMap ${namespace}/${configMapRef.name}`
      : `secret ${namespace}/${secretRef?.name ?? ''}`
    const message = `Keys [${invalid.sort().join(', ')}] from the EnvFrom ${source} were skipped since they are considered invalid environment variable names.`
    podEvent(kubelet, worker.pod, 'Warning', 'InvalidEnvironmentVariableNames', message)
  }
  return undefined
}

function valueOf(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  { value, valueFrom }: EnvVar,
  known: Readonly<Record<string, string>>,
): Value {
  if (value) return { value: expand(value, known) }
  if (!valueFrom) return { value: '' }
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  const { namespace = 'default' } = worker.pod.metadata
  if (fieldRef) return { value: fieldValue(kubelet, worker, fieldRef.fieldPath) }
  if (resourceFieldRef) return { value: resourceValue(kubelet, worker.pod, container, resourceFieldRef) }
  if (configMapKeyRef) {
    const { name, key, optional } = configMapKeyRef
    const found = configMap(kubelet, worker, name)
    const text = own(found?.data, key)
    if (text !== undefined || optional) return text === undefined ? {} : { value: text }
    return {
      error: found ? `couldn't find key ${key} in ConfigMap ${namespace}/${name}` : `configmap "${name}" not found`,
    }
  }
  if (secretKeyRef) {
    const { name, key, optional } = secretKeyRef
    const found = secret(kubelet, worker, name)
    const encoded = own(found?.data, key)
    if (encoded !== undefined || optional) return encoded === undefined ? {} : { value: decodeBase64(encoded) }
    return { error: found ? `couldn't find key ${key} in Secret ${namespace}/${name}` : `secret "${name}" not found` }
  }
  return { value: '' }
}
