import { describe, expect, it } from 'vitest'
import { verdicts } from '../../../testing/scheduler-table.ts'
import { nodeName } from './nodename.ts'
import { nodeUnschedulable } from './nodeunschedulable.ts'

const nodes = [{ name: 'a' }, { name: 'cordoned', spec: { unschedulable: true } }]

describe('[B1] NodeUnschedulable', () => {
  it('keeps Pods off cordoned nodes, but not those that tolerate it, as Pods of DaemonSets do', () => {
    expect(verdicts(nodeUnschedulable, {}, { nodes })).toEqual({ a: '', cordoned: 'node(s) were unschedulable!' })
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' as const }]
    expect(verdicts(nodeUnschedulable, { spec: { tolerations } }, { nodes })).toEqual({ a: '', cordoned: '' })
  })
})

describe('[B1] NodeName', () => {
  it('holds a Pod to the node it names', () => {
    const elsewhere = "node(s) didn't match the requested node name!"
    expect(verdicts(nodeName, { node: 'a' }, { nodes })).toEqual({ a: '', cordoned: elsewhere })
  })
})
