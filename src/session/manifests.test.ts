import { parseAllDocuments } from 'yaml'
import { beforeAll, describe, expect, it } from 'vitest'
import { kinds } from '../api/index.ts'
import { defaultTopology } from '../cluster/topology.ts'
import { fieldsOf, listOf } from '../control-plane/apiserver/record.ts'
import { recordFormat } from '../protocol/messages.ts'
import { allManifests, objectsIn, ownManifests } from '../testing/manifests.ts'
import { engineVersion, Session, startOfTime } from './session.ts'

const manifests = Object.entries(allManifests())
const record = {
  format: recordFormat,
  engine: engineVersion,
  seed: 1,
  topology: defaultTopology,
  inputs: [],
  at: startOfTime,
}
const session = new Session(record)

function kubectl(args: string, stdin: string): { stdout: string; stderr: string; code: number } {
  const { stdout, stderr, code } = session.cluster.terminals.kubectl(['kubectl', ...args.split(' ')], stdin)
  return { stdout, stderr, code: code ?? -1 }
}

function run(seconds: number): void {
  session.advance(session.now + seconds * 1000)
}

/** What `get -o yaml` says of the objects of a manifest, without what only tells who wrote them and when. */
function shown(yaml: string): unknown[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const value: unknown = document.toJS()
    const all = fieldsOf(value).kind === 'List' ? listOf(fieldsOf(value).items) : [value]
    return all.map(object => {
      const { metadata, ...rest } = fieldsOf(object)
      // A Deployment counts its annotations as well (pkg/registry/apps/deployment/strategy.go).
      const { annotations, resourceVersion: _, generation: ___, ...kept } = fieldsOf(metadata)
      const { 'kubectl.kubernetes.io/last-applied-configuration': __, ...others } = fieldsOf(annotations)
      return { ...rest, metadata: { ...kept, annotations: others } }
    })
  })
}

/**
 * Kinds with a field that a patch replaces as a whole: such a field is sent whether it differs or not (handleMapDiff of
 * apimachinery/pkg/util/strategicpatch), and what was sent counts as a change to kubectl.
 */
const alwaysSent: ReadonlySet<string> = new Set(['PodDisruptionBudget'])

/** The lines of kubectl end with what became of each object. */
function outcomes(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => line.slice(line.lastIndexOf(' ') + 1))
}

describe('[A16] our own manifests', () => {
  it('are sixty or more, and have every kind that is built in', () => {
    const objects = Object.values(ownManifests()).flatMap(objectsIn)
    expect(Object.keys(ownManifests()).length).toBeGreaterThanOrEqual(60)
    const had = new Set(objects.map(({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`))
    expect(kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).filter(kind => !had.has(kind))).toEqual([])
  })
})

describe('[B13] [I2] manifests applied to one cluster', () => {
  beforeAll(() => run(90))

  it.each(manifests)('%s is taken', (_, text) => {
    const { stdout, stderr, code } = kubectl('apply -f -', text)
    // Endpoints are deprecated: kubectl shows the server's warning.
    expect(stderr.replace(/^Warning: v1 Endpoints is deprecated.*\n/m, '')).toBe('')
    expect(code).toBe(0)
    expect(outcomes(stdout)).toHaveLength(objectsIn(text).length)
    // A namespace's account and a definition's resource are made by controllers.
    run(2)
  })

  it('and the cluster settles', () => run(180))

  it.each(manifests)('%s is unchanged when it is applied again, and differs in nothing', (_, text) => {
    const { stdout, stderr, code } = kubectl('apply -f -', text)
    expect({ stderr: stderr.replace(/^Warning: .*\n/m, ''), code }).toEqual({ stderr: '', code: 0 })
    const expected = objectsIn(text).map(({ kind }) => (alwaysSent.has(String(kind)) ? 'configured' : 'unchanged'))
    expect(outcomes(stdout), stdout).toEqual(expected)
    expect(kubectl('diff -f -', text)).toMatchObject({ code: 0, stdout: '' })
  })

  it.each(manifests)('%s comes back as YAML that can be applied and changes nothing', (_, text) => {
    const before = kubectl('get -o yaml -f -', text)
    expect(before.code, before.stderr).toBe(0)
    expect(kubectl('diff -f -', before.stdout)).toMatchObject({ code: 0, stdout: '' })
    // kubectl says `configured`, as the real one does: what was applied last is now the whole object.
    const applied = kubectl('apply -f -', before.stdout)
    expect(applied.code, applied.stderr).toBe(0)
    expect(shown(kubectl('get -o yaml -f -', text).stdout)).toEqual(shown(before.stdout))
  })
})
