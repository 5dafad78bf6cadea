import { asQuantity, milliValue, quantityOf } from '../../../machinery/quantity.ts'
import type {
  Container,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  PodSpec,
  PodTemplateSpec,
  Probe,
} from '../../generated/core.v1.ts'
import { defaultEnv } from './env.ts'
import { defaultPullPolicy } from './pullpolicy.ts'
import { defaultVolume } from './volumedefaults.ts'

/** What a user may leave out of a Pod: kubernetes/pkg/apis/core/v1/defaults.go. */

/** Defaults of a Pod's spec and of a template's alike. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.volumes?.forEach(defaultVolume)
  spec.initContainers?.forEach(defaultContainer)
  spec.containers?.forEach(defaultContainer)
  spec.ephemeralContainers?.forEach(defaultContainer)
  spec.restartPolicy ||= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ||= 'default-scheduler'
  roundAmounts(spec.overhead)
  mirrorServiceAccount(spec)
}

export function defaultPodTemplate(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const full = template ?? { metadata: {}, spec: emptySpec() }
  full.metadata ??= {}
  full.spec ??= emptySpec()
  defaultPodSpec(full.spec)
  return full
}

/** Defaults that templates do not get: SetDefaults_Pod. */
export function defaultPodOnly(spec: PodSpec): void {
  spec.containers?.forEach(requestWhatIsLimited)
  spec.initContainers?.forEach(requestWhatIsLimited)
  if (spec.resources?.limits) defaultPodLevelRequests(spec)
  spec.enableServiceLinks ??= true
  if (!spec.hostNetwork) return
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const port of container.ports ?? []) port.hostPort ||= port.containerPort
  }
}

// A draft may lack everything that its type calls required.
function emptySpec(): PodSpec {
  const spec: Partial<PodSpec> = {}
  return Object.assign({ containers: [] }, spec, {
    restartPolicy: 'Always' as const,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst' as const,
    securityContext: {},
    schedulerName: 'default-scheduler',
  })
}

/** `serviceAccount` is the old name of `serviceAccountName`; the conversion between versions keeps them equal. */
function mirrorServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount
  if (!name) return
  spec.serviceAccountName = name
  spec.serviceAccount = name
}

function requestWhatIsLimited({ resources }: Container): void {
  if (!resources?.limits) return
  resources.requests = { ...resources.requests, ...missingFrom(resources.requests, resources.limits) }
}

function missingFrom(present: Record<string, string> | undefined, all: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => present?.[name] === undefined))
}

/** A limit for the whole Pod is its request as well, unless all containers ask for that resource by themselves. */
function defaultPodLevelRequests(spec: PodSpec): void {
  const { resources } = spec
  if (!resources?.limits) return
  const containers = [...spec.containers, ...(spec.initContainers ?? [])]
  const requests = { ...resources.requests }
  for (const [name, limit] of Object.entries(resources.limits)) {
    const isAsked = containers.some(container => container.resources?.requests?.[name] !== undefined)
    if (requests[name] === undefined && !isAsked) requests[name] = limit
  }
  if (Object.keys(requests).length > 0) resources.requests = requests
}

export function defaultContainer(container: Container | EphemeralContainer): void {
  for (const port of container.ports ?? []) port.protocol ||= 'TCP'
  if (container.env) defaultEnv(container.env)
  container.resources ??= {}
  roundAmounts(container.resources.limits)
  roundAmounts(container.resources.requests)
  if (container.livenessProbe) defaultProbe(container.livenessProbe)
  if (container.readinessProbe) defaultProbe(container.readinessProbe)
  if (container.startupProbe) defaultProbe(container.startupProbe)
  if (container.lifecycle) defaultLifecycle(container.lifecycle)
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '')
}

// How a canonical amount finer than a thousandth ends: `1500u`, `1n`, `1e-6`.
const finerThanMilli = /[un]$|e-/

/** The scheduler counts thousandths, so nothing finer is stored; amounts are rounded up. */
export function roundAmounts(amounts: Record<string, string> | undefined): void {
  for (const name in amounts) {
    const amount = amounts[name]
    if (amount === undefined || !finerThanMilli.test(amount)) continue
    const { format } = asQuantity(amount)
    amounts[name] = quantityOf(milliValue(amount), format, -3).text
  }
}

function defaultProbe(probe: Probe): void {
  if (probe.httpGet) defaultHttpGet(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
}

function defaultLifecycle({ postStart, preStop }: Lifecycle): void {
  if (postStart?.httpGet) defaultHttpGet(postStart.httpGet)
  if (preStop?.httpGet) defaultHttpGet(preStop.httpGet)
}

function defaultHttpGet(action: HTTPGetAction): void {
  action.path ||= '/'
  action.scheme ||= 'HTTP'
}
