import type { PodSpec } from '../../../../api/generated/core.v1.ts'
import { type Check, containersOf, distinct, list, named, plural, setters } from './wording.ts'

/** The checks of the level baseline by their names in upstream, in the order of these names (policy/check_*.go). */
export const baseline: readonly (readonly [id: string, check: Check])[] = [
  ['appArmorProfile', appArmorProfile],
  ['capabilities_baseline', capabilities],
  ['hostNamespaces', hostNamespaces],
  ['hostPathVolumes', hostPathVolumes],
  ['hostPorts', hostPorts],
  ['hostProbesAndHostLifecycle', hostProbes],
  ['privileged', privileged],
  ['procMount', procMount],
  ['seLinuxOptions', seLinuxOptions],
  ['seccompProfile_baseline', seccompProfile],
  ['sysctls', sysctls],
  ['windowsHostProcess', windowsHostProcess],
]

function appArmorProfile(spec: PodSpec): ReturnType<Check> {
  const isBad = (type: string | undefined): boolean => type === 'Unconfined'
  const guilty = containersOf(spec).filter(each => isBad(each.securityContext?.appArmorProfile?.type))
  const who = setters(isBad(spec.securityContext?.appArmorProfile?.type), guilty)
  if (who === undefined) return undefined
  return { reason: 'forbidden AppArmor profile', detail: `${who} must not set AppArmor profile type to "Unconfined"` }
}

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

function capabilities(spec: PodSpec): ReturnType<Check> {
  const guilty: string[] = []
  const added: string[] = []
  for (const { name, securityContext } of containersOf(spec)) {
    const others = securityContext?.capabilities?.add?.filter(each => !defaultCapabilities.has(each)) ?? []
    if (others.length === 0) continue
    guilty.push(name)
    added.push(...others)
  }
  if (guilty.length === 0) return undefined
  const what = list(distinct(added))
  const detail = `${named('container', guilty)} must not include ${what} in securityContext.capabilities.add`
  return { reason: 'non-default capabilities', detail }
}

function hostNamespaces({ hostNetwork, hostPID, hostIPC }: PodSpec): ReturnType<Check> {
  const used = [...(hostNetwork ? ['hostNetwork=true'] : []), ...(hostPID ? ['hostPID=true'] : [])]
  if (hostIPC) used.push('hostIPC=true')
  return used.length === 0 ? undefined : { reason: 'host namespaces', detail: used.join(', ') }
}

function hostPathVolumes({ volumes = [] }: PodSpec): ReturnType<Check> {
  const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name)
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: named('volume', names) }
}

function hostPorts(spec: PodSpec): ReturnType<Check> {
  const guilty: string[] = []
  const ports: string[] = []
  for (const { name, ports: own = [] } of containersOf(spec)) {
    const taken = own.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []))
    if (taken.length > 0) guilty.push(name)
    ports.push(...taken)
  }
  if (guilty.length === 0) return undefined
  const numbers = distinct(ports)
  const what = plural('hostPort', 'hostPorts', numbers.length)
  const detail = `${named('container', guilty)} ${plural('uses', 'use', guilty.length)} ${what} ${numbers.join(', ')}`
  return { reason: what, detail }
}

type Probed = ReturnType<typeof containersOf>[number]

/** Hosts that probes and hooks of a container name; to name none is to go to the Pod itself, and all that is allowed. */
function probedHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Probed): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
  const hosts = handlers.flatMap(handler => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? ''])
  return hosts.filter(host => host !== '')
}

function hostProbes(spec: PodSpec): ReturnType<Check> {
  const guilty = containersOf(spec).filter(each => probedHosts(each).length > 0)
  if (guilty.length === 0) return undefined
  const reason = 'probe or lifecycle host'
  const names = guilty.map(({ name }) => name)
  const hosts = named(reason, distinct(guilty.flatMap(probedHosts)))
  return { reason, detail: `${named('container', names)} ${plural('uses', 'use', names.length)} ${hosts}` }
}

function privileged(spec: PodSpec): ReturnType<Check> {
  const guilty = containersOf(spec).filter(({ securityContext }) => securityContext?.privileged)
  if (guilty.length === 0) return undefined
  const names = guilty.map(({ name }) => name)
  return { reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true` }
}

function procMount(spec: PodSpec): ReturnType<Check> {
  const isBad = (value: string | undefined): boolean => value !== undefined && value !== 'Default'
  const guilty = containersOf(spec).filter(({ securityContext }) => isBad(securityContext?.procMount))
  if (guilty.length === 0) return undefined
  const names = guilty.map(({ name }) => name)
  const values = distinct(guilty.map(({ securityContext }) => securityContext?.procMount ?? ''))
  const detail = `${named('container', names)} must not set securityContext.procMount to ${list(values)}`
  return { reason: 'procMount', detail }
}

type SeLinux = NonNullable<NonNullable<PodSpec['securityContext']>['seLinuxOptions']>

const allowedTypes = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])

function isForbidden(options: SeLinux | undefined): options is SeLinux {
  if (!options) return false
  return !allowedTypes.has(options.type ?? '') || Boolean(options.user) || Boolean(options.role)
}

function seLinuxOptions(spec: PodSpec): ReturnType<Check> {
  const guilty = containersOf(spec).filter(({ securityContext }) => isForbidden(securityContext?.seLinuxOptions))
  const ofPod = spec.securityContext?.seLinuxOptions
  const who = setters(isForbidden(ofPod), guilty)
  if (who === undefined) return undefined
  const all = [ofPod, ...guilty.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isForbidden)
  const types = distinct(all.map(({ type = '' }) => type).filter(type => !allowedTypes.has(type)))
  const data = types.length > 0 ? [named('type', types)] : []
  if (all.some(({ user }) => user)) data.push('user may not be set')
  if (all.some(({ role }) => role)) data.push('role may not be set')
  return { reason: 'seLinuxOptions', detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}` }
}

function seccompProfile(spec: PodSpec): ReturnType<Check> {
  const isBad = (type: string | undefined): boolean => type === 'Unconfined'
  const guilty = containersOf(spec).filter(({ securityContext }) => isBad(securityContext?.seccompProfile?.type))
  const who = setters(isBad(spec.securityContext?.seccompProfile?.type), guilty)
  if (who === undefined) return undefined
  const detail = `${who} must not set securityContext.seccompProfile.type to "Unconfined"`
  return { reason: 'seccompProfile', detail }
}

const allowedSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
])

function sysctls({ securityContext }: PodSpec): ReturnType<Check> {
  const names = securityContext?.sysctls?.map(({ name }) => name).filter(name => !allowedSysctls.has(name)) ?? []
  return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') }
}

function windowsHostProcess(spec: PodSpec): ReturnType<Check> {
  const guilty = containersOf(spec).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess)
  const who = setters(spec.securityContext?.windowsOptions?.hostProcess === true, guilty)
  if (who === undefined) return undefined
  return { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` }
}
