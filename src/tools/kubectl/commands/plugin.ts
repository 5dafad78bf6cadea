import { quote } from '../../../machinery/go-text.ts'
import { commandName, defineCommand, defineGroup } from '../command.ts'
import { PlainError } from '../errors.ts'
import { flag } from '../flags.ts'

/** kubectl/pkg/cmd/plugin/plugin.go. */
const list = defineCommand({
  use: 'list [flags]',
  short: "List all visible plugin executables on a user's PATH",
  flags: {
    'name-only': flag.bool('If true, display only the binary name of each plugin, rather than its full path'),
  },
  run({ err, flags, host, out, root }) {
    const folders = [...new Set((host.env.PATH ?? '').split(':'))].filter(folder => folder.trim() !== '')
    const found: string[] = []
    for (const folder of folders) {
      const names = host.files.list(folder)
      if (!names) {
        const why = `open ${folder}: no such file or directory`
        err(`Unable to read directory ${quote(folder)} from your PATH: ${why}. Skipping...\n`)
      } else found.push(...names.filter(name => name.startsWith('kubectl-')).map(name => `${folder}/${name}`))
    }
    if (found.length === 0) throw new PlainError('error: unable to find any kubectl plugins in your PATH')
    out('The following compatible plugins are available:\n\n')
    let warnings = 0
    const seen = new Map<string, string>()
    for (const path of found) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      out(`${flags['name-only'] ? name : path}\n`)
      const other = seen.get(name)
      const verb = (root.commands ?? []).find(command => commandName(command) === name.slice('kubectl-'.length))
      const complaints = [
        ...(other === undefined ? [] : [`${path} is overshadowed by a similarly named plugin: ${other}`]),
        ...(verb ? [`${name} overwrites existing command: ${quote(`kubectl ${commandName(verb)}`)}`] : []),
      ]
      seen.set(name, path)
      for (const complaint of complaints) err(`  - warning: ${complaint}\n`)
      warnings += complaints.length
    }
    if (warnings === 1) throw new PlainError('error: one plugin warning was found')
    if (warnings > 1) throw new PlainError(`error: ${warnings} plugin warnings were found`)
  },
})

export const plugin = defineGroup({
  use: 'plugin [flags]',
  short: 'Provides utilities for interacting with plugins',
  commands: [list],
})
