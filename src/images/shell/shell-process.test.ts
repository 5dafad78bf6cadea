import { describe, expect, it } from 'vitest'
import { type ExecSession, NodeLab } from '../../testing/node-lab.ts'

/** What a container logs within so many ms, with the seconds since its first line. */
function logOf(lab: NodeLab, pod: string): string[] {
  const [container] = [...lab.runtime().containers.values()].filter(({ config }) => config.name === pod)
  const lines = container?.log ?? []
  const begin = lines[0]?.at ?? 0
  return lines.map(({ at, text }) => `${Math.round((at - begin) / 1000)} ${text}`)
}

function sh(lab: NodeLab, name: string, script: string, image = 'busybox', more: object = {}): void {
  const containers = [{ name, image, command: ['sh', '-c', script], ...more }]
  lab.run(name, { restartPolicy: 'Never', terminationGracePeriodSeconds: 30, containers })
}

/** Runs a command in a Pod's container and gives what it printed and how it ended. */
class Exec {
  private readonly session: ExecSession

  constructor(private readonly lab: NodeLab) {
    this.session = lab.session()
  }

  run(container: string, command: readonly string[], ms = 1_000): { output: string; end: unknown } {
    const stream = this.start(container, command, false)
    this.lab.runFor(ms)
    return { output: this.output(stream), end: this.end(stream) }
  }

  start(container: string, command: readonly string[], tty: boolean): number {
    const found = [...this.lab.runtime().containers.values()].find(({ config }) => config.name === container)
    return this.session.open(found?.id ?? '', command, tty)
  }

  type(stream: number, text: string): void {
    this.session.type(stream, text)
    this.lab.runFor(100)
  }

  end(stream: number): unknown {
    return this.session.seen.find(([of, what]) => what === 'end' && of === stream)?.[2]
  }

  output(stream: number): string {
    return this.session.seen.flatMap(([of, what, text]) => (what === 'output' && of === stream ? [text] : [])).join('')
  }
}

describe('[I5] images: shells as the process of a container', () => {
  it('logs what a loop prints, at the virtual moment', () => {
    const lab = new NodeLab()
    sh(lab, 'loop', 'while true; do echo hi; sleep 5; done')
    lab.runFor(20_000)
    expect(logOf(lab, 'loop')).toEqual(['0 hi', '5 hi', '10 hi', '15 hi'])
  })

  it('ends with the status of its script', () => {
    const lab = new NodeLab()
    sh(lab, 'job', 'echo working; sleep 2; exit 3')
    lab.runFor(10_000)
    expect(lab.pod('job').status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
    })
    expect(lab.log('job', 'job')).toEqual(['working'])
  })

  it('does not hear TERM as process 1, and is killed when the grace period is over', () => {
    const lab = new NodeLab()
    sh(lab, 'deaf', 'sleep 3600')
    lab.runFor(10_000)
    const seen = lab.follow('deaf')
    lab.api.delete(lab.podKind, lab.pod('deaf'))
    lab.runFor(28_000)
    expect(lab.find('deaf')).toBeDefined()
    lab.runFor(5_000)
    expect(lab.find('deaf')).toBeUndefined()
    expect(seen.statuses.at(-1)?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 137 })
  })

  it('runs the trap for TERM after the command in the foreground', () => {
    const lab = new NodeLab()
    sh(lab, 'polite', "trap 'echo bye; exit 0' TERM; while true; do sleep 2; done")
    lab.runFor(10_000)
    const seen = lab.follow('polite')
    lab.api.delete(lab.podKind, lab.pod('polite'))
    lab.runFor(5_000)
    expect(seen.statuses.at(-1)?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 0 })
  })

  it('starts the server of its image, which serves and gets the signals', () => {
    const lab = new NodeLab()
    const script = "echo hello > /usr/share/nginx/html/index.html && exec nginx -g 'daemon off;'"
    sh(lab, 'web', script, 'nginx:1.29')
    lab.runFor(10_000)
    expect(lab.get(`http://${lab.pod('web').status.podIP}/`)).toMatchObject({ status: 200, body: 'hello\n' })
    const seen = lab.follow('web')
    lab.api.delete(lab.podKind, lab.pod('web'))
    lab.runFor(5_000)
    expect(seen.statuses.at(-1)?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 0 })
  })

  it.each([
    ['busybox', 'nothing', 127, 'sh: nothing: not found'],
    ['debian', 'nothing', 127, 'sh: 1: nothing: not found'],
  ])('says in the words of %s what is not there', (image, script, exitCode, line) => {
    const lab = new NodeLab()
    sh(lab, 'job', script, image)
    lab.runFor(20_000)
    expect(lab.log('job', 'job')).toEqual([line])
    expect(lab.pod('job').status.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode })
  })

  it('ends at once when it has no terminal and no input', () => {
    const lab = new NodeLab()
    lab.run('plain', { restartPolicy: 'Never', containers: [{ name: 'plain', image: 'busybox' }] })
    lab.run('open', {
      restartPolicy: 'Never',
      containers: [{ name: 'open', image: 'busybox', stdin: true, tty: true }],
    })
    lab.runFor(20_000)
    expect(lab.pod('plain').status.phase).toBe('Succeeded')
    expect(lab.pod('open').status.phase).toBe('Running')
  })

  it('goes on from a checkpoint in the middle of a loop', () => {
    const lab = new NodeLab()
    sh(lab, 'loop', 'i=0; while [ $i -lt 5 ]; do i=$((i+1)); echo $i | cat; sleep 2; done')
    lab.runFor(6_300)
    const checkpoint = lab.simulation.checkpoint()
    lab.runFor(20_000)
    const first = lab.log('loop', 'loop')
    lab.simulation.restore(checkpoint)
    expect(lab.log('loop', 'loop').length).toBeLessThan(5)
    lab.runFor(20_000)
    expect(lab.log('loop', 'loop')).toEqual(first)
    expect(first).toEqual(['1', '2', '3', '4', '5'])
  })
})

describe('[I5] images: commands in containers', () => {
  it('runs commands beside a server', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'web', image: 'nginx:1.29' }] })
    lab.runFor(10_000)
    const exec = new Exec(lab)
    expect(exec.run('web', ['echo', 'a  b'])).toEqual({ output: 'a  b\n', end: 0 })
    expect(exec.run('web', ['sh', '-c', 'echo $0 $1; exit 4', 'x', 'y'])).toEqual({ output: 'x y\n', end: 4 })
    expect(exec.run('web', ['cat', '/nothing'])).toEqual({
      output: 'cat: /nothing: No such file or directory\n',
      end: 1,
    })
    expect(exec.run('web', ['sh', '-c', 'echo new > /usr/share/nginx/html/index.html']).end).toBe(0)
    expect(exec.run('web', ['curl', '-s', 'localhost']).output).toBe('new\n')
  })

  it('lets people type into a shell: prompts, state between commands, Ctrl-C and Ctrl-D', () => {
    const lab = new NodeLab()
    lab.run('box', { containers: [{ name: 'box', image: 'busybox', command: ['sleep', '3600'] }] })
    lab.runFor(10_000)
    const exec = new Exec(lab)
    const first = exec.start('box', ['sh'], true)
    lab.runFor(100)
    for (const text of [
      'cd /tmp\n',
      'x=5; echo $x\n',
      'sleep 100\n',
      '\x03',
      'echo $?\n',
      'cat\n',
      'to cat\n',
      '\x03',
    ]) {
      exec.type(first, text)
    }
    expect(exec.output(first)).toBe(
      '/ # cd /tmp\r\n/tmp # x=5; echo $x\r\n5\r\n/tmp # sleep 100\r\n^C\r\n/tmp # echo $?\r\n130\r\n' +
        '/tmp # cat\r\nto cat\r\nto cat\r\n^C\r\n/tmp # ',
    )
    exec.type(first, '\x04')
    expect(exec.end(first)).toBe(130)
    const second = exec.start('box', ['sh'], true)
    lab.runFor(100)
    exec.type(second, 'exit 3\n')
    expect(exec.end(second)).toBe(3)
  })

  it('restarts a container whose main process is told to go', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'web', image: 'nginx:1.29' }] })
    lab.runFor(10_000)
    const exec = new Exec(lab)
    expect(exec.run('web', ['sh', '-c', 'kill 1'], 5_000).output).toBe('')
    expect(lab.pod('web').status.containerStatuses?.[0]?.restartCount).toBe(1)
  })

  it('answers probes that run a command', () => {
    const lab = new NodeLab()
    const script = 'touch /tmp/healthy; sleep 15; rm -f /tmp/healthy; sleep 600'
    const livenessProbe = { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 5, failureThreshold: 2 }
    lab.run('box', { containers: [{ name: 'box', image: 'busybox', args: ['/bin/sh', '-c', script], livenessProbe }] })
    lab.runFor(14_000)
    expect(lab.events('box').join()).not.toContain('Unhealthy')
    lab.runFor(20_000)
    expect(lab.events('box').join()).toContain(
      "Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory",
    )
  })

  it('asks the name server that the Pod has in its resolv.conf', () => {
    const lab = new NodeLab()
    lab.run('box', { containers: [{ name: 'box', image: 'busybox', command: ['sleep', '3600'] }] })
    lab.runFor(10_000)
    const exec = new Exec(lab)
    const { output } = exec.run('box', ['cat', '/etc/resolv.conf', '/etc/hostname'])
    expect(output).toMatch(/^search default\.svc\.cluster\.local .*\nnameserver [\d.]+\noptions ndots:5\nbox\n$/)
    const lookup = exec.run('box', ['nslookup', 'kubernetes.default.svc.cluster.local'], 20_000)
    expect(lookup).toMatchObject({ output: expect.stringContaining('no servers could be reached'), end: 1 })
    expect(exec.run('box', ['wget', '-qO-', 'localhost:81'])).toEqual({
      output: "wget: can't connect to remote host (127.0.0.1): Connection refused\n",
      end: 1,
    })
  })
})
