import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFoundValue,
  required,
} from '../../../machinery/fieldpath.ts'
import { isDns1123Label } from '../../../machinery/validation.ts'
import type { Container, EphemeralContainer, PodSpec, Volume } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'
import { isRestartableInitContainer } from '../resources.ts'
import { checkEnv, checkEnvFrom } from './env.ts'
import { checkLifecycle, checkReadinessProbe, checkRestartingProbe } from './handlers.ts'
import { checkDevices, checkMounts } from './mounts.ts'
import { checkHostPorts, checkPorts } from './ports.ts'
import { checkContainerResources } from './resources.ts'
import { checkRestartRules } from './restartrules.ts'
import { checkSecurityContext } from './security.ts'

/** Containers of a Pod: validateContainers, validateInitContainers and validateContainerCommon of core validation. */

/** What a container's checks need to know of the Pod around it. */
export interface PodContext {
  readonly spec: PodSpec
  readonly volumes: ReadonlyMap<string, Volume>
  readonly gracePeriod: number
}

export function checkContainers(errors: FieldError[], path: string, context: PodContext): void {
  const { containers } = context.spec
  if (!containers?.length) {
    errors.push(required(path))
    return
  }
  for (let i = 0; i < containers.length; i++) {
    const container = containers[i]
    if (!container) continue
    const at = `${path}[${i}]`
    checkCommon(errors, at, container, context)
    if (i > 0 && containers.findIndex(({ name }) => name === container.name) < i) {
      errors.push(duplicate(`${at}.name`, container.name))
    }
    checkRunning(errors, at, container, context.gracePeriod)
    if (container.restartPolicy !== undefined || container.restartPolicyRules) {
      checkRestartRules(errors, at, container)
    }
  }
  checkHostPorts(errors, path, containers)
}

/** Hooks and probes, which only containers that keep running may have. */
function checkRunning(errors: FieldError[], path: string, container: Container, gracePeriod: number): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container
  if (lifecycle) checkLifecycle(errors, `${path}.lifecycle`, lifecycle, gracePeriod)
  if (livenessProbe) checkRestartingProbe(errors, `${path}.livenessProbe`, livenessProbe, gracePeriod)
  if (readinessProbe) checkReadinessProbe(errors, `${path}.readinessProbe`, readinessProbe, gracePeriod)
  if (startupProbe) checkRestartingProbe(errors, `${path}.startupProbe`, startupProbe, gracePeriod)
}

const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const messagePolicies = ['File', 'FallbackToLogsOnError']

/** What containers of every sort have. */
type Common = Omit<EphemeralContainer, 'targetContainerName'>

function checkCommon(errors: FieldError[], path: string, container: Common, context: PodContext): void {
  if (!container.name) errors.push(required(`${path}.name`))
  else addInvalid(errors, `${path}.name`, container.name, isDns1123Label(container.name))
  if (!container.image) errors.push(required(`${path}.image`))
  checkSupported(errors, `${path}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies)

  if (container.ports) checkPorts(errors, `${path}.ports`, container.ports)
  if (container.env) checkEnv(errors, `${path}.env`, container.env)
  if (container.envFrom) checkEnvFrom(errors, `${path}.envFrom`, container.envFrom)
  if (container.volumeMounts) checkMounts(errors, `${path}.volumeMounts`, container, context.volumes)
  if (container.volumeDevices) checkDevices(errors, `${path}.volumeDevices`, container, context.volumes)
  checkSupported(errors, `${path}.imagePullPolicy`, container.imagePullPolicy, pullPolicies)
  if (container.resources) checkContainerResources(errors, `${path}.resources`, container.resources)
  if (container.resizePolicy) checkResizePolicy(errors, `${path}.resizePolicy`, container, context.spec)
  if (container.securityContext) checkSecurityContext(errors, `${path}.securityContext`, container.securityContext)
}

const resizable = ['cpu', 'memory']
const resizePolicies = ['NotRequired', 'RestartContainer']

function checkResizePolicy(errors: FieldError[], path: string, container: Common, spec: PodSpec): void {
  const seen = new Set<string>()
  container.resizePolicy?.forEach(({ resourceName, restartPolicy }, i) => {
    const at = `${path}[${i}]`
    if (seen.has(resourceName)) errors.push(duplicate(at, resourceName))
    seen.add(resourceName)
    checkSupported(errors, path, resourceName, resizable)
    checkSupported(errors, path, restartPolicy, resizePolicies)
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    }
  })
}

const onlyForSidecars = 'may not be set for init containers without restartPolicy=Always'

export function checkInitContainers(errors: FieldError[], path: string, context: PodContext): void {
  const { containers, initContainers = [] } = context.spec
  const names = new Set((containers ?? []).map(({ name }) => name))
  initContainers.forEach((container, i) => {
    const at = `${path}[${i}]`
    checkCommon(errors, at, container, context)
    const isSidecar = isRestartableInitContainer(container)
    if (container.restartPolicy !== undefined || container.restartPolicyRules) {
      checkRestartRules(errors, at, container)
    }
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    else if (container.name) names.add(container.name)
    checkHostPorts(errors, at, [container], at)
    if (isSidecar) checkRunning(errors, at, container, context.gracePeriod)
    else forbidRunning(errors, at, container)
  })
}

function forbidRunning(errors: FieldError[], path: string, container: Container): void {
  if (container.lifecycle) errors.push(forbidden(`${path}.lifecycle`, onlyForSidecars))
  if (container.livenessProbe) errors.push(forbidden(`${path}.livenessProbe`, onlyForSidecars))
  if (container.readinessProbe) errors.push(forbidden(`${path}.readinessProbe`, onlyForSidecars))
  if (container.startupProbe) errors.push(forbidden(`${path}.startupProbe`, onlyForSidecars))
}

const notForDebugging = 'cannot be set for an Ephemeral Container'

/** Fields that only containers may have on which the Pod relies. */
const reliedUpon = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const

/** Containers that were put into a running Pod to look at it: validateEphemeralContainers. */
export function checkEphemeralContainers(errors: FieldError[], path: string, context: PodContext): void {
  const { containers, initContainers = [], ephemeralContainers = [] } = context.spec
  const others = new Set([...containers, ...initContainers].map(({ name }) => name))
  const names = new Set(others)
  ephemeralContainers.forEach((container, i) => {
    const at = `${path}[${i}]`
    const { name, targetContainerName: target } = container
    checkCommon(errors, at, container, context)
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
    names.add(name)
    if (target && !others.has(target)) errors.push(notFoundValue(`${at}.targetContainerName`, target))
    for (const field of reliedUpon) if (container[field]) errors.push(forbidden(`${at}.${field}`, notForDebugging))
    const { limits, requests } = container.resources ?? {}
    if (limits || requests) errors.push(forbidden(`${at}.resources`, notForDebugging))
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, j) => {
      if (subPath) errors.push(forbidden(`${at}.volumeMounts[${j}].subPath`, notForDebugging))
      if (subPathExpr) errors.push(forbidden(`${at}.volumeMounts[${j}].subPathExpr`, notForDebugging))
    })
  })
  checkImages(errors, path, ephemeralContainers)
}

/** Templates may carry blanks around an image, Pods may not: validateContainersOnlyForPod. */
export function checkImages(
  errors: FieldError[],
  path: string,
  containers: readonly { image?: string }[] | undefined,
): void {
  if (!containers) return
  for (let i = 0; i < containers.length; i++) {
    const image = containers[i]?.image
    if (image && image.trim() !== image) {
      errors.push(invalid(`${path}[${i}].image`, image, 'must not have leading or trailing whitespace'))
    }
  }
}
