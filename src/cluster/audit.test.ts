import { describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'
import { defaultTopology } from './topology.ts'

const cluster = new Cluster({ seed: 1, topology: { ...defaultTopology, workers: 1 }, startMs: 1_768_467_600_000 })

function wait(seconds: number): string {
  cluster.simulation.runUntil(cluster.simulation.now + seconds * 1_000)
  return cluster.terminals.takeOutput().reduce((all, { text }) => all + text, '')
}

function enter(line: string, seconds = 0.5): string {
  cluster.terminals.line('t1', line)
  return wait(seconds)
}

const policy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  resources: [{ group: "", resources: [configmaps] }]
  namespaces: [default]
`

const edits = [
  's#^    - --allow-privileged=true#&\\n    - --audit-policy-file=/etc/kubernetes/audit/policy.yaml#',
  's#^    - --allow-privileged=true#&\\n    - --audit-log-path=/var/log/kubernetes/audit/audit.log#',
  's#^    volumeMounts:#&\\n    - {name: audit, mountPath: /etc/kubernetes/audit, readOnly: true}#',
  's#^    volumeMounts:#&\\n    - {name: log, mountPath: /var/log/kubernetes/audit}#',
  's#^  volumes:#&\\n  - name: audit\\n    hostPath: {path: /etc/kubernetes/audit, type: DirectoryOrCreate}#',
  's#^  volumes:#&\\n  - name: log\\n    hostPath: {path: /var/log/kubernetes/audit, type: DirectoryOrCreate}#',
]
const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml'

describe('[G5] the audit log of a master', () => {
  it('is set up in the manifest of its API server, and read on its disk', () => {
    wait(60)
    enter('ssh m-k8s')
    enter('mkdir -p /etc/kubernetes/audit')
    enter(`cat > /etc/kubernetes/audit/policy.yaml <<'EOF'\n${policy}EOF`)
    for (const edit of edits) enter(`sed -i '${edit}' ${manifest}`, 0)
    wait(60)
    // The manifest is what kubeadm wrote: the Pod that comes of it has its own name again.
    expect(enter('kubectl -n kube-system get pods -l component=kube-apiserver -o name')).toBe(
      'pod/kube-apiserver-m-k8s\n',
    )
    enter('kubectl create configmap hello --from-literal=a=b')
    enter('kubectl create namespace other')
    const told = enter('cat /var/log/kubernetes/audit/audit.log').trim().split('\n')
    expect(told).toHaveLength(1)
    expect(JSON.parse(told[0] ?? '')).toMatchObject({
      verb: 'create',
      user: { username: 'kubernetes-admin' },
      objectRef: { resource: 'configmaps', name: 'hello' },
      responseObject: { data: { a: 'b' } },
    })
  })

  it('goes on after the kubelet was started anew, and stops the server that has lost its policy', () => {
    enter('systemctl restart kubelet', 30)
    enter('kubectl delete configmap hello')
    expect(enter(`grep -c '"verb":"delete"' /var/log/kubernetes/audit/audit.log`).trim()).toBe('1')
    enter('rm /etc/kubernetes/audit/policy.yaml; crictl stop $(crictl ps -q --name kube-apiserver)', 20)
    expect(enter('crictl logs $(crictl ps -a -q --name kube-apiserver | head -1)')).toContain(
      'run.go:72] "command failed" err="loading audit policy file: failed to read file path ' +
        '\\"/etc/kubernetes/audit/policy.yaml\\": open /etc/kubernetes/audit/policy.yaml: no such file or directory"',
    )
  })
})
