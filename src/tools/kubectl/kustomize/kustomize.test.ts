import { describe, expect, it } from 'vitest'
import { apiLab } from '../../../testing/api-lab.ts'
import { Workstation } from '../../../testing/kubectl-lab.ts'

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      serviceAccountName: runner
      containers:
      - name: web
        image: nginx:1.14
        env:
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}}
`
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner}\n'
const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: run}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: run}
subjects:
- {kind: ServiceAccount, name: runner, namespace: default}
`

function build(files: Readonly<Record<string, string>>, folder = 'top'): string {
  const station = new Workstation(apiLab())
  const { stdout, stderr } = station.run(`kubectl kustomize ${folder}`, { files })
  return stdout + stderr
}

describe('[I2] kustomize', () => {
  it('follows names through prefixes, hashes and namespaces', () => {
    const text = build({
      'top/kustomization.yaml': 'resources: [../base]\nnamePrefix: a-\nnameSuffix: -z\nnamespace: shop\n',
      'base/kustomization.yaml': `resources: [web.yaml, account.yaml, binding.yaml]
secretGenerator:
- {name: keys, literals: [token=abc]}
`,
      'base/web.yaml': deployment,
      'base/account.yaml': account,
      'base/binding.yaml': binding,
    })
    expect(text).toContain('name: a-keys-z-dbdgd77ct8\n  namespace: shop\n')
    expect(text).toContain('key: token\n              name: a-keys-z-dbdgd77ct8\n')
    expect(text).toContain('serviceAccountName: a-runner-z\n')
    expect(text).toContain('- kind: ServiceAccount\n  name: a-runner-z\n  namespace: shop\n')
  })

  it('patches by target and by name, deletes, and adds components', () => {
    const text = build({
      'top/kustomization.yaml': `resources: [web.yaml, account.yaml]
components: [../more]
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {replicas: 4, template: {spec: {containers: [{name: web, resources: {limits: {cpu: 1}}}]}}}
- target: {kind: ServiceAccount}
  patch: |-
    $patch: delete
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: any}
`,
      'top/web.yaml': deployment,
      'top/account.yaml': account,
      'more/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels: [{pairs: {team: blue}}]
`,
    })
    expect(text).toContain('  labels:\n    team: blue\n  name: web\n')
    expect(text).toContain('replicas: 4\n')
    expect(text).toContain(
      'image: nginx:1.14\n        name: web\n        resources:\n          limits:\n            cpu: 1\n',
    )
    expect(text).not.toContain('kind: ServiceAccount')
  })

  it('puts values of one object into another', () => {
    const text = build({
      'top/kustomization.yaml': `resources: [web.yaml]
configMapGenerator:
- {name: facts, literals: [host=example.com], options: {disableNameSuffixHash: true}}
replacements:
- source: {kind: ConfigMap, name: facts, fieldPath: data.host}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.[name=web].env.[name=TOKEN].name']
`,
      'top/web.yaml': deployment,
    })
    expect(text).toContain('- name: example.com\n')
  })

  it.each([
    [
      'an unknown field',
      { 'top/kustomization.yaml': 'resorces: []\n' },
      'error: invalid Kustomization: json: unknown field "resorces"\n',
    ],
    ['nothing in it', { 'top/kustomization.yaml': 'kind: Kustomization\n' }, 'error: kustomization.yaml is empty\n'],
  ])('says what is wrong: %s', (_, files, words) => {
    expect(build(files)).toBe(words)
  })
})
