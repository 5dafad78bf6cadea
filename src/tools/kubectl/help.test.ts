import { describe, expect, it } from 'vitest'
import { type Command, commandName } from './command.ts'
import { helpText } from './help.ts'
import { helpTexts } from './help-texts/index.ts'
import { root } from './kubectl.ts'

function everyCommand(command: Command, path: string): readonly (readonly [string, Command])[] {
  const below = (command.commands ?? []).flatMap(each => everyCommand(each, `${path} ${commandName(each)}`))
  return [[path, command], ...below]
}

const all = new Map(everyCommand(root, 'kubectl'))

describe('[I2] help', () => {
  it('has texts for every command, and none for commands that are not there', () => {
    const without = [...all].filter(([path, { hidden }]) => !hidden && path !== 'kubectl' && !helpTexts[path])
    expect(without.map(([path]) => path)).toEqual([])
    expect(Object.keys(helpTexts).filter(path => !all.has(path))).toEqual([])
  })

  it('words only flags that a command has in its own way', () => {
    const strange = Object.entries(helpTexts).flatMap(([path, { usages = {} }]) =>
      Object.keys(usages)
        .filter(name => all.get(path)?.flags[name] === undefined)
        .map(name => `${path} --${name}`),
    )
    expect(strange).toEqual([])
  })

  it('lays a page out as kubectl does', () => {
    const scale = all.get('kubectl scale')
    const lines = scale ? helpText('kubectl scale', scale).split('\n') : []
    expect(lines[0]).toBe('Set a new size for a deployment, replica set, replication controller, or stateful set.')
    expect(lines).toContain('Examples:')
    // A blank line between two examples keeps their margin.
    expect(lines[lines.indexOf('  kubectl scale --replicas=3 rs/foo') + 1]).toBe('  ')
    expect(lines).toContain('    -f, --filename=[]:')
    expect(lines).toContain('\tFilename, directory, or URL to files identifying the resource to set a new size')
    expect(lines.at(-2)).toBe(
      'Use "kubectl options" for a list of global command-line options (applies to all commands).',
    )
  })

  it('sorts kubectl’s own commands by what they are for', () => {
    const page = helpText('kubectl', root)
    expect(page).toContain('Deploy Commands:\n  rollout         Manage the rollout of a resource\n  scale ')
    expect(page).toContain('Subcommands provided by plugins:\n\nOther Commands:\n  api-resources   ')
  })
})
