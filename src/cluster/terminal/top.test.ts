import { describe, expect, it } from 'vitest'
import { Cluster } from '../cluster.ts'
import { defaultTopology } from '../topology.ts'

const startMs = Date.UTC(2026, 0, 15, 9)

/** Somebody at a terminal of a small lab. */
class Person {
  private readonly cluster = new Cluster({ seed: 1, topology: { ...defaultTopology, workers: 1 }, startMs })

  constructor() {
    this.wait(60)
  }

  /** Lets time pass and gives what was printed. */
  wait(seconds: number): string {
    const { simulation, terminals } = this.cluster
    simulation.runUntil(simulation.now + seconds * 1_000)
    return terminals
      .takeOutput()
      .map(({ text }) => text)
      .join('')
  }

  enter(line: string): string {
    this.cluster.terminals.line('t1', line)
    return this.wait(0.3)
  }

  /** Switches a machine's kubelet off: nobody measures there any more. */
  stopKubelet(machine: string): void {
    this.cluster.room.stopKubelet(machine)
  }
}

describe('[F1] [I2] kubectl top', () => {
  it('says at every stage of an installation what it knows', () => {
    const person = new Person()
    const unavailable = 'Error from server (ServiceUnavailable): the server is currently unable to handle the request'
    expect(person.enter('kubectl top nodes')).toBe('error: Metrics API not available\n')
    person.enter('kubectl apply -f components.yaml')
    expect(person.enter('kubectl top nodes')).toBe(`${unavailable} (get nodes.metrics.k8s.io)\n`)
    person.wait(60)

    person.enter(
      'kubectl run web --image=nginx --annotations=podscape.dev/cpu=120m --annotations=podscape.dev/memory=50Mi',
    )
    expect(person.enter('kubectl top pod')).toBe('error: metrics not available yet\n')
    expect(person.enter('kubectl top pod web')).toBe(
      'Error from server (NotFound): podmetrics.metrics.k8s.io "default/web" not found\n',
    )
    expect(person.enter('kubectl top pod nobody')).toBe('Error from server (NotFound): pods "nobody" not found\n')
    expect(person.enter('kubectl top pod -n kube-public')).toBe('No resources found in kube-public namespace.\n')
    person.wait(45)
    expect(person.enter('kubectl top pod')).toBe(
      'NAME   CPU(cores)   MEMORY(bytes)   \nweb    120m         50Mi            \n',
    )
    expect(person.enter('kubectl top pod --containers --sum')).toBe(
      'POD   NAME   CPU(cores)   MEMORY(bytes)   \n' +
        'web   web    120m         50Mi            \n' +
        '             ________     ________        \n' +
        '             120m         50Mi            \n',
    )
    expect(person.enter('kubectl top pod -A --sort-by=cpu --no-headers | head -1')).toMatch(/^default +web +120m +50Mi/)
    expect(person.enter('kubectl top node w1-k8s')).toMatch(
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) *\nw1-k8s +\d+m +\d+% +\d+Mi +\d+% *\n$/,
    )

    person.stopKubelet('w1-k8s')
    person.wait(35)
    expect(person.enter('kubectl top node --no-headers')).toMatch(
      /\nw1-k8s +<unknown> +<unknown> +<unknown> +<unknown> *\n$/,
    )
  }, 60_000)
})
