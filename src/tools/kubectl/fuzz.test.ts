import { describe, expect, it } from 'vitest'
import { apiLab } from '../../testing/api-lab.ts'
import { Chance } from '../../testing/fuzz/chance.ts'
import { spoil } from '../../testing/fuzz/oddities.ts'
import { oddBody, spoilText } from '../../testing/fuzz/texts.ts'
import { yamlOf } from '../../testing/fuzz/yaml-text.ts'
import { Workstation } from '../../testing/kubectl-lab.ts'
import { objectsIn, ownManifests } from '../../testing/manifests.ts'

/** `FUZZ_COMMANDS=3000 FUZZ_SEED=7 npx vitest run src/tools/kubectl/fuzz.test.ts` runs more, and others. */
const commands = Number(process.env['FUZZ_COMMANDS'] ?? 250)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)
/** As many speak to one server, so that what they leave behind meets the next. */
const perServer = 125

const verbs = [
  ...['apply', 'create', 'replace', 'diff', 'get -o yaml', 'get', 'describe', 'label x=y', 'annotate a=b', 'edit'],
  ...[
    'apply --server-side',
    'apply --dry-run=client -o yaml',
    'delete --wait=false',
    'scale --replicas=2',
    'patch -p {}',
  ],
  ...['set image *=nginx', 'wait --for=delete --timeout=1s', 'rollout status --timeout=1s', 'expose --port=80'],
  ...['autoscale --max=3', 'auth reconcile'],
] as const

const texts = Object.values(ownManifests())
const objects = texts.flatMap(objectsIn)

function randomFile(chance: Chance): string {
  if (chance.is(0.2)) return oddBody(chance).slice(0, 100_000)
  if (chance.is(0.5)) return spoilText(chance, chance.any(texts) ?? '')
  return yamlOf(spoil(chance, chance.any(objects), 1 + chance.below(3), () => chance.any(objects)))
}

describe('[I2] kubectl with files that nobody meant to write', () => {
  it(`ends ${commands} commands of seed ${seed} with words of kubectl`, { timeout: 30_000 + commands * 60 }, () => {
    const chance = new Chance(seed, 'kubectl')
    const problems: string[] = []
    let workstation = new Workstation(apiLab())
    for (let i = 0; i < commands; i++) {
      if (i % perServer === 0) workstation = new Workstation(apiLab())
      const text = randomFile(chance)
      const command = `kubectl ${chance.one(verbs)} -f f.yaml`
      try {
        const options = { files: { 'f.yaml': text }, seconds: 3, env: { KUBE_EDITOR: 'true' } }
        const { stderr } = workstation.run(command, options)
        if (/\[object |native code|is not a function|Cannot read prop/.test(stderr))
          problems.push(`${command}: ${stderr}`)
      } catch (error) {
        const stack = error instanceof Error ? error.stack : String(error)
        problems.push(`${command} threw ${stack}\n${JSON.stringify(text).slice(0, 600)}`)
      }
    }
    expect(problems.slice(0, 5).join('\n\n')).toBe('')
  })

  it.each(['apply', 'diff', 'apply view-last-applied', 'apply edit-last-applied'])(
    '%s says so when what was applied last is no JSON',
    verb => {
      const workstation = new Workstation(apiLab())
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{not json' }
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', annotations } }
      const text = JSON.stringify(object)
      expect(workstation.run('kubectl create -f f.yaml', { files: { 'f.yaml': text } }).code).toBe(0)
      const { code, stderr } = workstation.run(`kubectl ${verb} -f f.yaml`, { env: { KUBE_EDITOR: 'true' } })
      expect(code).toBeGreaterThan(0)
      expect(stderr).toMatch(/^error: (invalid character 'n'|error when applying patch:\n\nto:\nResource: )/)
    },
  )

  it.each([
    ['an alias that leads nowhere', 'data: *nowhere\n', "unknown anchor 'nowhere' referenced"],
    ['a map that contains itself', 'metadata: &m\n  name: x\n  labels: *m\n', 'exceeded max depth of 1000'],
    ['a number that JSON has not', 'data: {a: .inf}\n', 'json: unsupported value: +Inf'],
    ['a template that was not filled in', 'a: {{ .Values.name }}\n', 'invalid map key: map[interface {}]interface {}{'],
  ])('refuses %s', (_, text, words) => {
    const workstation = new Workstation(apiLab())
    for (const verb of ['apply', 'get']) {
      const { code, stderr } = workstation.run(`kubectl ${verb} -f f.yaml`, { files: { 'f.yaml': text } })
      expect(code).toBe(1)
      expect(stderr).toContain(words)
    }
  })
})
