import { describe, expect, it } from 'vitest'
import type { Outcome, ProgramCall } from '../../shell/host.ts'
import { apiLab } from '../../testing/api-lab.ts'
import { Workstation } from '../../testing/kubectl-lab.ts'
import { kubectlProgram } from './program.ts'

/** A shell that has nothing but the one program. */
function shell(station: Workstation) {
  const machine = station.host()
  let output = ''
  const files = { ...machine.files, isDirectory: () => false }
  const host = { files, now: machine.now, random: () => 0.5 } as unknown as ProgramCall['host']
  const program = kubectlProgram({ connect: endpoint => machine.connect(endpoint) })
  return {
    start(line: string, input: { text: string; ended: boolean }[] = [], answer?: unknown, memory?: unknown) {
      const pieces = [...input]
      const call = {
        ...{ argv: line.split(' '), env: machine.env, cwd: '/', pid: 1, host, memory, answer, interactive: false },
        input: () => pieces.shift() ?? { text: '', ended: true },
        out: (text: string) => void (output += text),
        err: (text: string) => void (output += text),
        path: (path: string) => path,
      }
      const run = (): Outcome => program.run(call)
      return { call, run }
    },
    output: () => output,
  }
}

describe('[I3] kubectl as a program of the shell', () => {
  it('reads all of its input before it creates what stands there', () => {
    const { start, output } = shell(new Workstation(apiLab()))
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: piped}\n'
    const pieces = [
      { text: text.slice(0, 20), ended: false },
      { text: text.slice(20), ended: true },
    ]
    const { run } = start('kubectl create -f -', pieces)
    expect([run(), run()]).toEqual([{ wait: 'input' }, { exit: 0 }])
    expect(output()).toBe('configmap/piped created\n')
  })

  it('asks for streams while it follows and goes on with what they bring', () => {
    const { start, output } = shell(new Workstation(apiLab()))
    const first = start('kubectl get configmaps -w -o name')
    const outcome = first.run()
    expect(outcome).toMatchObject({ wait: 'answer', request: { kind: 'kubectl', streams: [{ method: 'GET' }] } })
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } }
    const signal = {
      type: 'data',
      stream: 0,
      channel: 'stdout',
      text: `${JSON.stringify({ type: 'ADDED', object })}\n`,
    }
    const again = start('kubectl get configmaps -w -o name', [], signal, structuredClone(first.call.memory)).run()
    expect(again).toMatchObject({ wait: 'answer', request: { kind: 'kubectl' } })
    expect(output()).toBe('configmap/late\n')
  })
})
