import type { PodSpec } from '../../../../api/generated/core.v1.ts'
import { type Check, containersOf, distinct, isWindows, list, named, plural, setters } from './wording.ts'

/** What the level restricted checks besides baseline, and which check of baseline each takes the place of. */
export const restricted: readonly (readonly [id: string, check: Check, instead?: string])[] = [
  ['allowPrivilegeEscalation', allowPrivilegeEscalation],
  ['capabilities_restricted', capabilities, 'capabilities_baseline'],
  ['restrictedVolumes', restrictedVolumes, 'hostPathVolumes'],
  ['runAsNonRoot', runAsNonRoot],
  ['runAsUser', runAsUser],
  ['seccompProfile_restricted', seccompProfile, 'seccompProfile_baseline'],
]

function allowPrivilegeEscalation(spec: PodSpec): ReturnType<Check> {
  if (isWindows(spec)) return undefined
  const guilty = containersOf(spec).filter(each => each.securityContext?.allowPrivilegeEscalation !== false)
  if (guilty.length === 0) return undefined
  const names = guilty.map(({ name }) => name)
  const detail = `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: 'allowPrivilegeEscalation != false', detail }
}

function capabilities(spec: PodSpec): ReturnType<Check> {
  if (isWindows(spec)) return undefined
  const keeping: string[] = []
  const adding: string[] = []
  const added: string[] = []
  for (const { name, securityContext } of containersOf(spec)) {
    const { add = [], drop = [] } = securityContext?.capabilities ?? {}
    if (!drop.includes('ALL')) keeping.push(name)
    const others = add.filter(each => each !== 'NET_BIND_SERVICE')
    if (others.length > 0) adding.push(name)
    added.push(...others)
  }
  const details: string[] = []
  if (keeping.length > 0)
    details.push(`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`)
  if (adding.length > 0) {
    const what = list(distinct(added))
    details.push(`${named('container', adding)} must not include ${what} in securityContext.capabilities.add`)
  }
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

function restrictedVolumes({ volumes = [] }: PodSpec): ReturnType<Check> {
  const names: string[] = []
  const types: string[] = []
  for (const { name, ...sources } of volumes) {
    const type = Object.keys(sources)[0] ?? 'unknown'
    if (allowedVolumes.has(type)) continue
    names.push(name)
    types.push(type)
  }
  if (names.length === 0) return undefined
  const what = named('restricted volume type', distinct(types))
  const detail = `${named('volume', names)} ${plural('uses', 'use', names.length)} ${what}`
  return { reason: 'restricted volume types', detail }
}

function runAsNonRoot(spec: PodSpec): ReturnType<Check> {
  const reason = 'runAsNonRoot != true'
  const ofPod = spec.securityContext?.runAsNonRoot
  const all = containersOf(spec)
  const who = setters(
    ofPod === false,
    all.filter(each => each.securityContext?.runAsNonRoot === false),
  )
  if (who !== undefined) return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` }
  if (ofPod === true) return undefined
  const silent = all.filter(each => each.securityContext?.runAsNonRoot === undefined).map(({ name }) => name)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` }
}

function runAsUser(spec: PodSpec): ReturnType<Check> {
  const guilty = containersOf(spec).filter(({ securityContext }) => securityContext?.runAsUser === 0)
  const who = setters(spec.securityContext?.runAsUser === 0, guilty)
  return who === undefined ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` }
}

function isGoodProfile(type: string | undefined): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost'
}

function seccompProfile(spec: PodSpec): ReturnType<Check> {
  if (isWindows(spec)) return undefined
  const reason = 'seccompProfile'
  const ofPod = spec.securityContext?.seccompProfile?.type
  const all = containersOf(spec).map(each => ({ name: each.name, type: each.securityContext?.seccompProfile?.type }))
  const guilty = all.filter(({ type }) => type !== undefined && !isGoodProfile(type))
  const isPodGuilty = ofPod !== undefined && !isGoodProfile(ofPod)
  const who = setters(isPodGuilty, guilty)
  if (who !== undefined) {
    const values = distinct([...(isPodGuilty ? [ofPod] : []), ...guilty.map(({ type = '' }) => type)])
    return { reason, detail: `${who} must not set securityContext.seccompProfile.type to ${list(values)}` }
  }
  const silent = all.filter(({ type }) => type === undefined).map(({ name }) => name)
  if (isGoodProfile(ofPod) || silent.length === 0) return undefined
  const whose = `pod or ${named('container', silent)}`
  return { reason, detail: `${whose} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` }
}
