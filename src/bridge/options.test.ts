import { describe, expect, it } from 'vitest'
import { OptionError, parseOptions, usage } from './options.ts'

describe('[I3] options of npm run serve', () => {
  it('are a lab of four machines on the usual port when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({
      port: 6443,
      speed: 1,
      seed: 1,
      pagePort: undefined,
      topology: { preset: 'm-k8s', masters: 1, workers: 3 },
    })
  })

  it('take values after a blank or an equals sign', () => {
    expect(parseOptions(['--port=0', '--masters', '3', '--speed', '0.5', '--log=a=b'])).toMatchObject({
      port: 0,
      speed: 0.5,
      log: 'a=b',
      topology: { masters: 3 },
    })
    const components = parseOptions(['--components', 'apiserver,scheduler', '--workers', '3'])
    expect(components.topology).toMatchObject({ components: ['apiserver', 'scheduler'], masters: 1, workers: 0 })
    expect(parseOptions(['--static-token', 't=ann:devs:ops', '--static-token=u=bob']).staticTokens).toEqual({
      t: { user: 'ann', groups: ['devs', 'ops'] },
      u: { user: 'bob', groups: [] },
    })
  })

  it('serve the page on its own port, which may be another', () => {
    expect(parseOptions(['--page', '--speed', '2'])).toMatchObject({ pagePort: 6480, speed: 2 })
    expect(parseOptions(['--page', '--page-port', '0'])).toMatchObject({ pagePort: 0 })
  })

  it.each([
    [['--nosuch'], 'there is no option --nosuch'],
    [['--port'], '--port needs a value'],
    [['--port', 'x'], '--port is x: it must be a number, 0 or more'],
    [['--speed=-1'], '--speed is -1'],
    [['--static-token', 'x'], '--static-token is x: it must be TOKEN=USER[:GROUP...]'],
  ])('are refused in words: %j', (argv, words) => {
    expect(() => parseOptions(argv)).toThrow(OptionError)
    expect(() => parseOptions(argv)).toThrow(words)
  })

  it('are all told', () => {
    for (const name of ['--page', '--page-port', '--components', '--static-token', '--log'])
      expect(usage).toContain(name)
  })
})
