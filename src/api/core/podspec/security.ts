import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../../machinery/fieldpath.ts'
import { isUserId } from '../../../machinery/validation.ts'
import type { PodSecurityContext, PodSpec, SeccompProfile, SecurityContext } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'
import { printInternal } from '../internalform.ts'
import { checkLocalDescendingPath } from './paths.ts'

/** Security contexts: ValidateSecurityContext and validatePodSpecSecurityContext of core validation. */

export function checkSecurityContext(errors: FieldError[], path: string, context: SecurityContext): void {
  const { privileged, runAsUser, runAsGroup, procMount, allowPrivilegeEscalation } = context
  if (runAsUser !== undefined) addInvalid(errors, `${path}.runAsUser`, runAsUser, isUserId(runAsUser))
  if (runAsGroup !== undefined) addInvalid(errors, `${path}.runAsGroup`, runAsGroup, isUserId(runAsGroup))
  checkSupported(errors, `${path}.procMount`, procMount, ['Default', 'Unmasked'])
  if (context.seccompProfile) checkSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile)
  if (allowPrivilegeEscalation === false) {
    const shown = printInternal('SecurityContext', context)
    if (privileged) {
      errors.push(invalid(path, shown, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    }
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
      const detail = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'
      errors.push(invalid(path, shown, detail))
    }
  }
  if (context.appArmorProfile) checkAppArmor(errors, `${path}.appArmorProfile`, context.appArmorProfile)
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

function checkSeccomp(errors: FieldError[], path: string, { type, localhostProfile }: SeccompProfile): void {
  if (!type) {
    errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'))
    return
  }
  if (type === 'Localhost') {
    if (localhostProfile === undefined) {
      errors.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'))
    } else checkLocalDescendingPath(errors, `${path}.localhostProfile`, localhostProfile)
  } else {
    if (localhostProfile !== undefined) {
      const detail = 'can only be set when seccomp type is Localhost'
      errors.push(invalid(`${path}.localhostProfile`, localhostProfile, detail))
    }
    if (!profileTypes.includes(type)) errors.push(notSupported(`${path}.type`, type, profileTypes))
  }
}

function checkAppArmor(
  errors: FieldError[],
  path: string,
  { type, localhostProfile }: { type: string; localhostProfile?: string },
): void {
  if (type === 'Localhost') {
    if (!localhostProfile)
      errors.push(required(`${path}.localhostProfile`, 'must be set when AppArmor type is Localhost'))
    return
  }
  if (localhostProfile !== undefined) {
    const detail = 'can only be set when AppArmor type is Localhost'
    errors.push(invalid(`${path}.localhostProfile`, localhostProfile, detail))
  }
  if (!type) errors.push(required(`${path}.type`, 'type is required when appArmorProfile is set'))
  else checkSupported(errors, `${path}.type`, type, profileTypes)
}

export function checkPodSecurityContext(
  errors: FieldError[],
  path: string,
  context: PodSecurityContext,
  spec: PodSpec,
): void {
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled'
    errors.push(invalid(`${path}.shareProcessNamespace`, true, detail))
  }
  const { fsGroup, runAsUser, runAsGroup, supplementalGroups, sysctls } = context
  if (fsGroup !== undefined) addInvalid(errors, `${path}.fsGroup`, fsGroup, isUserId(fsGroup))
  if (runAsUser !== undefined) addInvalid(errors, `${path}.runAsUser`, runAsUser, isUserId(runAsUser))
  if (runAsGroup !== undefined) addInvalid(errors, `${path}.runAsGroup`, runAsGroup, isUserId(runAsGroup))
  supplementalGroups?.forEach((group, i) => {
    addInvalid(errors, `${path}.supplementalGroups[${i}]`, group, isUserId(group))
  })
  if (sysctls) checkSysctls(errors, `${path}.sysctls`, sysctls, spec)
  checkSupported(errors, `${path}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'])
  if (context.seccompProfile) checkSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile)
  if (context.appArmorProfile) checkAppArmor(errors, `${path}.appArmorProfile`, context.appArmorProfile)
  checkSupported(errors, `${path}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict'])
}

// `\.` inside the class is how upstream writes it, and it is part of the message.
const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const sysctlName = new RegExp(sysctlPattern)

function checkSysctls(
  errors: FieldError[],
  path: string,
  sysctls: readonly { name: string; value: string }[],
  spec: PodSpec,
): void {
  const seen = new Set<string>()
  sysctls.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${path}[${i}].name`))
    else if (name.length > 253 || !sysctlName.test(name)) {
      const detail = `must have at most 253 characters and match regex ${sysctlPattern}`
      errors.push(invalid(`${path}[${i}].name`, name, detail))
    } else if (seen.has(name)) errors.push(duplicate(`${path}[${i}].name`, name))
    checkHostSysctl(errors, `${path}[${i}].name`, name ?? '', spec)
    seen.add(name)
  })
}

const ipcSysctls = ['kernel.shm', 'kernel.msg', 'kernel.sem', 'fs.mqueue.']

function checkHostSysctl(errors: FieldError[], path: string, name: string, spec: PodSpec): void {
  if (spec.hostNetwork && name.startsWith('net.')) {
    errors.push(invalid(path, name, "may not be specified when 'hostNetwork' is true"))
  }
  if (spec.hostIPC && ipcSysctls.some(prefix => name.startsWith(prefix))) {
    errors.push(invalid(path, name, "may not be specified when 'hostIPC' is true"))
  }
}

/** A user namespace of the Pod's own cannot be had together with one of the host's. */
export function checkHostUsers(errors: FieldError[], path: string, spec: PodSpec): void {
  if (spec.hostUsers !== false) return
  if (spec.hostNetwork) errors.push(forbidden(`${path}.hostNetwork`, 'when `hostUsers` is false'))
  if (spec.hostPID) errors.push(forbidden(`${path}.HostPID`, 'when `hostUsers` is false'))
  if (spec.hostIPC) errors.push(forbidden(`${path}.HostIPC`, 'when `hostUsers` is false'))
}
