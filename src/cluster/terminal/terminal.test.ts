import { describe, expect, it } from 'vitest'
import { Cluster } from '../cluster.ts'
import { defaultTopology } from '../topology.ts'

const startMs = 1_768_467_600_000

/** Somebody at the terminals of a lab that has been installed. */
class Person {
  readonly cluster = new Cluster({ seed: 1, topology: { ...defaultTopology, workers: 2 }, startMs })
  /** What each terminal has printed since it was last looked at. */
  private readonly seen = new Map<string, string>()
  reads: string | undefined
  edit: { readonly file: string; readonly text: string } | undefined
  exitCode: number | undefined
  prompt = ''

  constructor() {
    this.wait(60)
  }

  wait(seconds: number): void {
    const { simulation, terminals } = this.cluster
    simulation.runUntil(simulation.now + seconds * 1_000)
    for (const { terminal, text, reads, edit, done } of terminals.takeOutput()) {
      this.seen.set(terminal, (this.seen.get(terminal) ?? '') + text)
      this.reads = reads
      if (edit) this.edit = edit
      if (done && terminal === 't1') [this.exitCode, this.prompt] = [done.exitCode, done.prompt]
    }
  }

  /** Enters a line and gives what was printed within some seconds. */
  enter(line: string, seconds = 0.5, terminal = 't1'): string {
    this.cluster.terminals.line(terminal, line)
    this.wait(seconds)
    return this.look(terminal)
  }

  type(text: string, seconds = 0.3): string {
    this.cluster.terminals.type('t1', text)
    this.wait(seconds)
    return this.look()
  }

  interrupt(): void {
    this.cluster.terminals.interrupt('t1')
    this.wait(0.1)
  }

  look(terminal = 't1'): string {
    const text = this.seen.get(terminal) ?? ''
    this.seen.delete(terminal)
    return text
  }
}

const lab = new Person()
lab.enter('kubectl run bb --image=busybox -- sleep 36000')
lab.enter('kubectl run web --image=nginx')
lab.wait(30)
lab.look()

describe('[I1] [I5] terminals', () => {
  it('give a shell in a container: keys go there, its prompt comes back, its exit code is kubectl’s', () => {
    expect(lab.enter('kubectl exec -it bb -- sh')).toBe('/ # ')
    expect(lab.reads).toBe('keys')
    expect(lab.type('hostname\r')).toBe('hostname\r\nbb\r\n/ # ')
    expect(lab.type('sleep 99\r')).toBe('sleep 99\r\n')
    expect(lab.type('\x03')).toBe('^C\r\n/ # ')
    expect(lab.type('exit 7\r')).toContain('command terminated with exit code 7\n')
    expect([lab.exitCode, lab.reads]).toEqual([7, undefined])
  })

  it('end a container’s shell with Ctrl-D', () => {
    lab.enter('kubectl exec -it bb -- sh')
    lab.type('\x04')
    expect([lab.exitCode, lab.reads]).toEqual([0, undefined])
    lab.look()
  })

  it('hand a container what comes down a pipe, and copy files there and back', () => {
    expect(lab.enter('echo one two | kubectl exec -i bb -- wc -w')).toBe('2\n')
    lab.enter('echo 한글 > note.txt')
    expect(lab.enter('kubectl cp note.txt bb:/tmp/note.txt')).toBe('')
    expect(lab.enter('kubectl exec bb -- cat /tmp/note.txt')).toBe('한글\n')
    lab.enter('kubectl cp bb:/tmp copied')
    expect(lab.enter('cat copied/note.txt')).toBe('한글\n')
  })

  it('follow a log until Ctrl-C, as lines come', () => {
    expect(lab.enter('kubectl logs -f web')).toContain('start worker processes\n')
    lab.enter("kubectl exec bb -- wget -qO- $(kubectl get pod web -o jsonpath='{.status.podIP}')", 1, 't2')
    lab.look('t2')
    expect(lab.look()).toMatch(/"GET \/ HTTP\/1\.1" 200/)
    lab.interrupt()
    expect([lab.exitCode, lab.look()]).toEqual([130, '^C\n'])
  })

  it('answer on ports of the workstation while kubectl port-forward runs', () => {
    expect(lab.enter('curl -s localhost:8080; echo $?')).toBe('7\n')
    expect(lab.enter('kubectl port-forward pod/web 8080:80')).toBe(
      'Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n',
    )
    expect(lab.enter('curl -s localhost:8080', 0.5, 't2')).toContain('Welcome to nginx!')
    expect(lab.look()).toBe('Handling connection for 8080\n')
    expect(lab.enter('kubectl port-forward pod/web 8080:80', 0.5, 't2')).toContain(
      'error: unable to listen on any of the requested ports: [{8080 80}]',
    )
    lab.interrupt()
    lab.look()
    expect(lab.enter('curl -s localhost:8080; echo $?')).toBe('7\n')
  })

  it('tell of a port behind a port-forward that nobody listens on', () => {
    lab.enter('kubectl port-forward pod/web 9090:91')
    expect(lab.enter('curl -s localhost:9090; echo $?', 0.5, 't2')).toBe('52\n')
    expect(lab.look()).toMatch(/an error occurred forwarding 9090 -> 91[\s\S]*error: lost connection to pod\n/)
    expect(lab.exitCode).toBe(1)
  })

  it('serve the API on a port while kubectl proxy runs, but not what it refuses', () => {
    expect(lab.enter('kubectl proxy --port=8001 &')).toBe('Starting to serve on 127.0.0.1:8001\n')
    expect(lab.enter('curl -s localhost:8001/api/v1/namespaces/default/pods/bb')).toContain('"name":"bb"')
    expect(lab.enter('curl -s localhost:8001/api/v1/namespaces/default/pods/bb/exec')).toContain('Forbidden')
    lab.enter('kill %1; kill $!')
    lab.look()
  })

  it('run a Pod, speak to it, and delete it when it is left', () => {
    expect(lab.enter('kubectl run probe --rm -it --image=busybox --restart=Never -- sh', 10)).toContain(
      "If you don't see a command prompt, try pressing enter.\n",
    )
    expect(lab.type('echo $HOSTNAME\r')).toContain('probe\r\n')
    expect(lab.type('exit 3\r', 5)).toContain('pod "probe" deleted from default namespace\n')
    expect(lab.exitCode).toBe(3)
    lab.wait(40)
    lab.look()
  })

  it('let programs read what is typed until Ctrl-D', () => {
    lab.enter('kubectl apply -f -')
    expect(lab.reads).toBe('line')
    lab.type('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: typed\n')
    expect(lab.type('\x04')).toBe('configmap/typed created\n')
    expect(lab.enter('read word; echo "<$word>"')).toBe('')
    expect(lab.type('hello\n')).toBe('<hello>\n')
  })

  it('hand an object to the editor, and again with the reasons when it is refused', () => {
    lab.enter('kubectl edit configmap typed')
    expect(lab.edit?.text).toContain('# Please edit the object below.')
    lab.cluster.terminals.edited('t1', lab.edit?.text.replace('name: typed', 'name: typed\n  labels:\n    a: "b c"'))
    lab.wait(0.2)
    expect(lab.look()).toBe('error: configmaps "typed" is invalid\n')
    expect(lab.edit?.text).toContain('# configmaps "typed" was not valid:\n# * metadata.labels: Invalid value')
    lab.cluster.terminals.edited('t1', lab.edit?.text.replace('a: "b c"', 'a: b'))
    lab.wait(0.2)
    expect(lab.look()).toBe('configmap/typed edited\n')
    lab.enter('kubectl edit configmap typed')
    lab.cluster.terminals.edited('t1', undefined)
    lab.wait(0.2)
    expect(lab.look()).toBe('Edit cancelled, no changes made.\n')
  })

  it('open files with vi', () => {
    lab.enter('vi hello.txt')
    expect(lab.edit).toMatchObject({ file: expect.stringMatching(/\/hello\.txt$/), text: '' })
    lab.cluster.terminals.edited('t1', 'hi\n')
    lab.wait(0.2)
    lab.look()
    expect(lab.enter('cat hello.txt')).toBe('hi\n')
  })

  it('print what the API server gets from a kubelet for them', () => {
    const raw = (path: string): string => {
      const begin = lab.enter(`kubectl get --raw /api/v1/nodes/w1-k8s/proxy/${path}`)
      lab.wait(0.2)
      return begin + lab.look()
    }
    const metrics = raw('metrics/resource')
    // CPU, memory and start of the container, CPU and memory of the Pod.
    expect(metrics.split('\n').filter(line => line.includes('pod="kube-proxy-'))).toHaveLength(5)
    expect(raw('nothing')).toBe('Error from server (NotFound): the server could not find the requested resource\n')
  })

  it('lead to machines by ssh and back, and carry single commands out there', () => {
    lab.enter('ssh w1-k8s')
    expect(lab.prompt).toBe('[root@w1-k8s ~]# ')
    expect(lab.enter('hostname')).toBe('w1-k8s\n')
    expect(lab.enter('crictl ps --name kube-proxy -q')).toMatch(/^[0-9a-f]{64}\n$/)
    lab.enter('crictl stats')
    lab.wait(1.1)
    expect(lab.look()).toMatch(
      /^CONTAINER +NAME +CPU % +MEM +DISK +INODES +SWAP\n[^]*[0-9a-f]{13} +kube-proxy +0\.\d\d +23\.07MB +4\.096kB +1 +0B\n/,
    )
    expect(lab.enter('systemctl is-active kubelet')).toBe('active\n')
    expect(lab.enter('exit')).toBe('logout\nConnection to w1-k8s closed.\n')
    expect(lab.prompt).toBe('[root@workstation ~]# ')
    expect(lab.enter('ssh m-k8s cat /etc/hostname')).toBe('m-k8s\n')
    expect(lab.enter('ssh nowhere; echo $?', 3)).toBe(
      'ssh: Could not resolve hostname nowhere: Name or service not known\n255\n',
    )
  })

  it('[A9] list the rules that traffic to a Service follows', () => {
    lab.enter('kubectl expose pod web --port=80')
    lab.wait(2)
    lab.look()
    const address = lab.enter("kubectl get service web -o jsonpath='{.spec.clusterIP}'")
    const pod = lab.enter("kubectl get pod web -o jsonpath='{.status.podIP}'")
    const rules = lab.enter('ssh w1-k8s iptables-save -t nat')
    expect(rules).toContain('-d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP"')
    // The names of upstream's chains: any cluster has these.
    expect(rules).toContain('-j KUBE-SVC-NPX46M4PTMTKRN6Y\n')
    expect(rules).toContain('-j KUBE-SVC-TCOU7JCQXEZGVUNU\n')
    expect(rules).toContain(`-d ${address}/32 -p tcp -m comment --comment "default/web cluster IP"`)
    expect(rules).toContain(`-j DNAT --to-destination ${pod}:80\n`)
  })

  it('start a static Pod from a manifest that is written on a machine', () => {
    lab.enter('ssh w1-k8s')
    lab.enter('vi /etc/kubernetes/manifests/pinned.yaml')
    lab.cluster.terminals.edited(
      't1',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: pinned\nspec:\n  containers:\n  - name: c\n    image: nginx\n',
    )
    lab.wait(10)
    lab.enter('exit')
    lab.look()
    expect(lab.enter('kubectl get pod pinned-w1-k8s -o name')).toBe('pod/pinned-w1-k8s\n')
  })
})
