import { expect, it } from 'vitest'
import { freshRecord } from '../testing/fresh-session.ts'
import { allocationAnswer } from './allocation.ts'
import { Session, startOfTime } from './session.ts'

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  nodeName: w1-k8s
  containers:
    - { name: web, image: nginx, resources: { requests: { cpu: 250m, memory: 64Mi }, limits: { memory: 128Mi } } }
`

it('[F1] says what the Pods of a node ask for, may have and use', () => {
  const session = new Session(freshRecord(3))
  session.advance(startOfTime + 60_000)
  const before = allocationAnswer(session.cluster, 'w1-k8s')
  session.input({ type: 'apply', yaml: pod })
  session.advance(session.now + 20_000)
  const after = allocationAnswer(session.cluster, 'w1-k8s')
  if (!before || !after) throw new Error('there is such a node')
  expect(after.cpu.requested - before.cpu.requested).toBe(250)
  expect(after.memory.requested - before.memory.requested).toBe(64 * 2 ** 20)
  expect(after.memory.limited - before.memory.limited).toBe(128 * 2 ** 20)
  expect(after.pods).toEqual({ count: before.pods.count + 1, most: 110 })
  expect(after.cpu.allocatable).toBe(2_000)
  expect(after.usedMemory).toBeGreaterThan(before.usedMemory ?? Infinity)
  expect(after.usedCpuMs).toBeGreaterThan(before.usedCpuMs ?? Infinity)
  session.input({ type: 'fault', fault: { what: 'stop-machine', target: 'w1-k8s' } })
  session.advance(session.now + 1_000)
  expect(allocationAnswer(session.cluster, 'w1-k8s')).not.toHaveProperty('usedMemory')
  expect(allocationAnswer(session.cluster, 'nowhere')).toBeUndefined()
})
