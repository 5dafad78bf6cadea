import { describe as suite, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { PodSpec } from '../../../../api/generated/core.v1.ts'
import { describe, type Level, violations } from './levels.ts'

/** A Pod that keeps to the strictest level. */
const good = `
securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
containers:
- name: a
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`

function found(text: string, level: Level): string {
  const spec: PodSpec = parse(text)
  return describe(violations(spec, { level, version: 'latest' }))
}

suite('[G4] the Pod Security levels', () => {
  it('let a careful Pod pass, and everything on the level privileged', () => {
    expect(found(good, 'restricted')).toBe('')
    expect(found('{hostPID: true, containers: [{name: a, securityContext: {privileged: true}}]}', 'privileged')).toBe(
      '',
    )
  })

  it.each([
    ['{hostIPC: true, containers: []}', 'host namespaces (hostIPC=true)'],
    [
      '{volumes: [{name: a, hostPath: {path: /}}, {name: b, hostPath: {path: /}}], containers: []}',
      'hostPath volumes (volumes "a", "b")',
    ],
    [
      '{containers: [{name: a, ports: [{hostPort: 80}]}, {name: b, ports: [{hostPort: 443}, {containerPort: 1}]}]}',
      'hostPorts (containers "a", "b" use hostPorts 443, 80)',
    ],
    [
      '{containers: [{name: a, livenessProbe: {httpGet: {host: example.com}}}]}',
      'probe or lifecycle host (container "a" uses probe or lifecycle host "example.com")',
    ],
    [
      '{containers: [{name: a, readinessProbe: {tcpSocket: {host: "::1"}}, lifecycle: {preStop: {httpGet: {host: 127.0.0.1}}}}]}',
      'probe or lifecycle host (container "a" uses probe or lifecycle hosts "127.0.0.1", "::1")',
    ],
    [
      '{containers: [{name: a, securityContext: {procMount: Unmasked}}]}',
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
    ],
    [
      '{securityContext: {seLinuxOptions: {type: spc_t, role: r}}, containers: []}',
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; role may not be set)',
    ],
    [
      '{securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a, securityContext: {appArmorProfile: {type: Unconfined}}}]}',
      'forbidden AppArmor profile (pod and container "a" must not set AppArmor profile type to "Unconfined")',
    ],
    [
      '{containers: [{name: a, securityContext: {windowsOptions: {hostProcess: true}}}]}',
      'hostProcess (container "a" must not set securityContext.windowsOptions.hostProcess=true)',
    ],
  ])('baseline refuses %s', (text, expected) => {
    expect(found(text, 'baseline')).toBe(expected)
  })

  it.each([
    [
      'runAsNonRoot: true',
      'runAsNonRoot: false',
      'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
    ],
    ['runAsNonRoot: true', 'runAsNonRoot: true, runAsUser: 0', 'runAsUser=0 (pod must not set runAsUser=0)'],
    [
      'drop: [ALL]',
      'drop: [ALL], add: [CHOWN, NET_BIND_SERVICE]',
      'unrestricted capabilities (container "a" must not include "CHOWN" in securityContext.capabilities.add)',
    ],
    [
      'type: RuntimeDefault',
      'type: Unconfined',
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      'containers:',
      'volumes: [{name: n, nfs: {server: x, path: /}}, {name: e, emptyDir: {}}]\ncontainers:',
      'restricted volume types (volume "n" uses restricted volume type "nfs")',
    ],
  ])('restricted refuses a Pod in which %s is %s', (from, to, expected) => {
    expect(found(good.replace(from, to), 'restricted')).toBe(expected)
  })

  it('reports one thing once: restricted takes the place of the baseline check of the same thing', () => {
    const text = good.replace('containers:', 'volumes: [{name: h, hostPath: {path: /}}]\ncontainers:')
    expect(found(text, 'restricted')).toBe(
      'restricted volume types (volume "h" uses restricted volume type "hostPath")',
    )
  })
})
