import { describe, expect, it } from 'vitest'
import { checkTopology, defaultTopology, machinesOf, presetNames } from './topology.ts'

describe('[A1] topology', () => {
  it("is the seed notes' lab when nothing else was asked for", () => {
    expect(machinesOf(defaultTopology).map(({ name, address }) => `${name} ${address}`)).toEqual([
      'm-k8s 192.168.1.10',
      'w1-k8s 192.168.1.101',
      'w2-k8s 192.168.1.102',
      'w3-k8s 192.168.1.103',
      'workstation 192.168.1.5',
    ])
  })

  it("has the other notes' lab under their names", () => {
    const machines = machinesOf({ ...defaultTopology, preset: 'master' })
    expect(machines.slice(0, 2).map(({ name, address }) => `${name} ${address}`)).toEqual([
      'master 192.168.10.100',
      'worker01 192.168.10.101',
    ])
  })

  it.each(presetNames)('gives each machine of %s a name and an address of its own, however many there are', preset => {
    for (const masters of [1, 3, 5]) {
      const machines = machinesOf({ ...defaultTopology, preset, masters, workers: 1000 })
      expect(new Set(machines.map(({ name }) => name)).size).toBe(masters + 1001)
      expect(new Set(machines.map(({ address }) => address)).size).toBe(masters + 1001)
    }
  })

  it.each([
    [{ preset: 'nowhere' }, 'there is no preset nowhere: choose one of m-k8s, master'],
    [{ masters: 0 }, 'masters is 0: it must be a whole number from 1 to 5'],
    [{ workers: 5001 }, 'workers is 5001: it must be a whole number from 0 to 5000'],
    [{ workerCpu: 1.5 }, 'workerCpu is 1.5: it must be a whole number from 1 to 1024'],
  ])('refuses %j with a sentence', (change, sentence) => {
    expect(() => checkTopology({ ...defaultTopology, ...change })).toThrow(sentence)
  })
})
