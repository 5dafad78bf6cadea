import { describe, expect, it } from 'vitest'
import { apiLab } from '../../testing/api-lab.ts'
import { Workstation } from '../../testing/kubectl-lab.ts'
import { complete } from './completion.ts'
import { kubectl, resume } from './kubectl.ts'

const workstation = (): Workstation => new Workstation(apiLab())

describe('[I3] verbs that follow', () => {
  it('prints what changes while get -w runs, under headers that were printed once', () => {
    const station = workstation()
    station.run('kubectl create configmap first --from-literal=a=1')
    const { stdout, code } = station.run('kubectl get configmaps -w', {
      seconds: 5,
      meanwhile: [
        { after: 1, cmd: 'kubectl create configmap second' },
        { after: 2, cmd: `kubectl patch configmap second -p '{"data":{"x":"y"}}'` },
      ],
    })
    expect(code).toBeNull()
    expect(stdout.replace(/ \d+s$/gm, ' <age>')).toBe(
      ['NAME    DATA   AGE', 'first   1      <age>', 'second   0      <age>', 'second   1      <age>', ''].join('\n'),
    )
  })

  it('keeps everything a paused command needs in plain data', () => {
    const station = workstation()
    const argv = ['kubectl', 'get', 'configmaps', '-w', '-o', 'name']
    const { pause } = kubectl(argv, station.host())
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } }
    const text = `${JSON.stringify({ type: 'ADDED', object })}\n`
    const half = Math.floor(text.length / 2)
    const signal = (part: string) => ({ type: 'data', stream: 0, channel: 'stdout', text: part }) as const
    const first = resume(argv, station.host(), structuredClone(pause!), signal(text.slice(0, half)))
    const second = resume(argv, station.host(), structuredClone(first.pause!), signal(text.slice(half)))
    expect([first.stdout, second.stdout]).toEqual(['', 'configmap/late\n'])
  })

  it('waits in delete until the finalizers are gone', () => {
    const station = workstation()
    station.run('kubectl create configmap held')
    station.run(`kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}'`)
    const release = `kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'`
    const before = station.lab.simulation.now
    const { code } = station.run('kubectl delete configmap held', { meanwhile: [{ after: 3, cmd: release }] })
    expect(code).toBe(0)
    expect(station.lab.simulation.now - before).toBeGreaterThanOrEqual(3000)
    expect(station.run('kubectl get configmap held').code).toBe(1)
  })
})

describe('[I3] completion', () => {
  const tab = (line: string): readonly string[] => complete(line.split(' '), station.host())
  const station = workstation()
  station.run('kubectl create configmap settings')
  station.run('kubectl create namespace shop')

  it.each([
    ['kubectl des', ['describe']],
    ['kubectl create sec', ['secret']],
    ['kubectl get configm', ['configmaps']],
    ['kubectl get cm set', ['settings']],
    ['kubectl get cm/set', ['cm/settings']],
    ['kubectl get pods -n sh', ['shop']],
    ['kubectl get -o jsonpath-', ['jsonpath-as-json', 'jsonpath-file']],
    ['kubectl get --all-n', ['--all-namespaces']],
    ['kubectl nonsense x', []],
  ])('offers after `%s` what may follow', (line, offers) => {
    expect(tab(line)).toEqual(offers)
  })
})
