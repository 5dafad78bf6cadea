import { describe, expect, it } from 'vitest'
import type { ContainerPort } from '../../../api/generated/core.v1.ts'
import { verdicts } from '../../../testing/scheduler-table.ts'
import { nodePorts } from './nodeports.ts'

const taken = "node(s) didn't have free ports for the requested pod ports"

function port(hostPort: number, protocol: ContainerPort['protocol'] = 'TCP', hostIP?: string): ContainerPort[] {
  return [{ containerPort: 80, hostPort, protocol, ...(hostIP !== undefined && { hostIP }) }]
}

describe('[B1] NodePorts', () => {
  it.each([
    ['the same port', port(8080), port(8080), taken],
    ['another port', port(8080), port(8081), ''],
    ['the same port of another protocol', port(8080), port(8080, 'UDP'), ''],
    ['the same port of another address', port(8080, 'TCP', '10.0.0.1'), port(8080, 'TCP', '10.0.0.2'), ''],
    ['a port of one address where all addresses are taken', port(8080), port(8080, 'TCP', '10.0.0.2'), taken],
    ['a port of all addresses where one is taken', port(8080, 'TCP', '10.0.0.1'), port(8080), taken],
  ])('a node has one Pod for a port of the host: %s', (_title, used, wanted, expected) => {
    const world = { nodes: [{ name: 'n' }], pods: [{ node: 'n', ports: used }] }
    expect(verdicts(nodePorts, { ports: wanted }, world)).toEqual({ n: expected })
  })
})
