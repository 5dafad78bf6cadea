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

describe('[I2] [F1] kubectl apply -f of an address of the web', () => {
  it('finds what the walkthrough begins with, and metrics-server as it is released, which no lab can use', () => {
    const person = new Person()
    expect(person.enter('kubectl apply -f https://k8s.io/examples/application/php-apache.yaml')).toBe(
      'deployment.apps/php-apache created\nservice/php-apache created\n',
    )
    const release = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml'
    expect(person.enter(`kubectl apply -f ${release}`)).toContain('deployment.apps/metrics-server created\n')
    person.wait(60)
    expect(person.enter('kubectl -n kube-system get deployment metrics-server --no-headers')).toMatch(
      /^metrics-server +0\/1 +1 +0 /,
    )
    expect(person.enter('kubectl -n kube-system logs deployment/metrics-server --tail=3')).toContain(
      "x509: cannot validate certificate for 192.168.1.10 because it doesn't contain any IP SANs",
    )
    expect(person.enter('kubectl apply -f https://example.com/nothing.yaml')).toBe(
      'error: unable to read URL "https://example.com/nothing.yaml", server reported 404 Not Found, status code=404\n',
    )
  }, 60_000)
})

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
