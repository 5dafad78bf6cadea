import { beforeAll, describe, expect, it } from 'vitest'
import { clientPair } from '../../machinery/x509/authority.ts'
import { encodeBase64 } from '../../api/meta/base64.ts'
import { Cluster } from '../cluster.ts'
import { defaultTopology } from '../topology.ts'

const startMs = Date.UTC(2026, 0, 15, 9)

describe('[G1] who works at a terminal', () => {
  const cluster = new Cluster({ seed: 3, topology: { ...defaultTopology, workers: 1 }, startMs })
  const run = (line: string, terminal = 't'): string => {
    cluster.terminals.line(terminal, line)
    cluster.simulation.runUntil(cluster.simulation.now + 2_000)
    return cluster.terminals
      .takeOutput()
      .map(({ text }) => text)
      .join('')
  }
  beforeAll(() => {
    while (!cluster.isBooted()) cluster.simulation.runUntil(cluster.simulation.now + 1_000)
  })

  it('is the administrator of kubeadm, by the certificate in the kubeconfig', () => {
    const output = run('kubectl auth whoami')
    expect(output).toMatch(/Username +kubernetes-admin\n/)
    expect(output).toMatch(/Groups +\[kubeadm:cluster-admins system:authenticated\]\n/)
    expect(output).toMatch(/credential-id +\[X509SHA256=[0-9a-f]{64}\]\n/)
    expect(run('kubectl auth can-i delete nodes')).toContain('yes')
  })

  it('is somebody else in another context, who may do what is bound to him', () => {
    const { certificate, key } = clientPair({ commonName: 'jane', organizations: ['devs'] })
    run(`echo ${encodeBase64(certificate)} | base64 -d > jane.crt`)
    run(`echo ${encodeBase64(key)} | base64 -d > jane.key`)
    run('kubectl config set-credentials jane --client-certificate=jane.crt --client-key=jane.key --embed-certs')
    run('kubectl config set-context jane --cluster=kubernetes --user=jane')
    expect(run('kubectl --context jane get pods')).toContain('User "jane" cannot list resource "pods"')
    run('kubectl create rolebinding devs --clusterrole=view --group=devs')
    expect(run('kubectl --context jane get pods')).toBe('No resources found in default namespace.\n')
    expect(run('kubectl --context jane get secrets')).toContain('cannot list resource "secrets"')
  })

  it('is an account by its token, nobody without credentials, and refused with a strange certificate', () => {
    run('kubectl create sa robot')
    run('TOKEN=$(kubectl create token robot)')
    run('kubectl config set-credentials robot --token=$TOKEN')
    run('kubectl config set-context robot --cluster=kubernetes --user=robot')
    expect(run('kubectl --context robot auth whoami')).toContain('system:serviceaccount:default:robot')
    run('kubectl config set-context nobody --cluster=kubernetes')
    expect(run('kubectl --context nobody get pods')).toContain('User "system:anonymous"')
    run('kubectl config set-credentials mallory --client-certificate=jane.crt --client-key=/etc/hostname')
    run('kubectl config set-context mallory --cluster=kubernetes --user=mallory')
    expect(run('kubectl --context mallory get pods')).toMatch(/Unauthorized|must be logged in/)
  })

  it('watches as himself', () => {
    run('kubectl --context jane get pods -w')
    expect(run('kubectl run web --image=nginx', 'u')).toMatch(/web +0\/1 +Pending/)
  })
})
