import { describe, expect, it } from 'vitest'
import { behaviourAnnotations, behaviourPrefix } from './behaviour-annotations.ts'
import { podBehaviour } from './podbehaviour.ts'

const containers = [{ name: 'web' }, { name: 'log' }]

function read(annotations: Record<string, string>) {
  return podBehaviour({ annotations, containers, initContainers: [{ name: 'setup' }] })
}

describe('[B11] annotations that stage how containers behave', () => {
  it.each(behaviourAnnotations.map(annotation => [annotation.key, annotation] as const))(
    'reads the example of %s',
    (key, { example }) => {
      expect(read({ [behaviourPrefix + key]: example })?.faults).toEqual([])
    },
  )

  it.each([
    ['cpu', '250m', { cpuMillis: 250 }],
    ['cpu', '1.5', { cpuMillis: 1500 }],
    ['memory', '64Mi', { memoryBytes: 64 * 2 ** 20 }],
    ['memory-growth', '1Mi/s', { memoryGrowth: 2 ** 20 }],
    ['memory-growth', '60Ki/m', { memoryGrowth: 1024 }],
    ['crash-after', '1m30s', { crashAfterMs: 90_000 }],
    ['ports', '8080, 9090', { ports: [8080, 9090] }],
    ['log', 'one\ntwo\n', { log: ['one', 'two'] }],
  ])('reads %s: %s', (key, text, expected) => {
    expect(read({ [behaviourPrefix + key]: text })?.of('web')).toEqual(expected)
  })

  it.each([
    ['cpu', 'lots', 'podscape.dev/cpu: "lots": must be an amount of CPU, such as 250m'],
    ['cpu', '-1', 'podscape.dev/cpu: "-1": must be an amount of CPU, such as 250m'],
    ['crash-after', '30', 'podscape.dev/crash-after: "30": must be a length of time, such as 30s'],
    ['exit-code', '256', 'podscape.dev/exit-code: "256": must be a whole number from 0 to 255'],
    [
      'ports',
      '80,http',
      'podscape.dev/ports: "80,http": must be port numbers from 1 to 65535 with commas between them, such as 8080,9090',
    ],
    ['memory-leak', '1Mi', 'podscape.dev/memory-leak: is not known: use one of memory'],
    ['sidecar.cpu', '1', 'podscape.dev/sidecar.cpu: there is no container sidecar'],
  ])('says what is wrong with %s: %s', (key, text, fault) => {
    expect(read({ [behaviourPrefix + key]: text })?.faults).toEqual([fault])
  })

  it('is for all containers but init containers, unless it names one, which counts more', () => {
    const staged = read({
      'podscape.dev/cpu': '100m',
      'podscape.dev/log.cpu': '5m',
      'podscape.dev/setup.exit-code': '2',
    })
    expect(staged?.of('web')).toEqual({ cpuMillis: 100 })
    expect(staged?.of('log')).toEqual({ cpuMillis: 5 })
    expect(staged?.of('setup')).toEqual({ exitCode: 2 })
  })
})
