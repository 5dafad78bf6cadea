import { defineCommand, usageError } from '../command.ts'

/** kubectl/pkg/cmd/completion/completion.go. The scripts ask `kubectl __complete`, as cobra's do. */
const scripts: Readonly<Record<string, string>> = {
  bash: bashScript(),
  zsh: `#compdef kubectl\ncompdef _kubectl kubectl\n\n${zshScript()}`,
  fish: fishScript(),
  powershell: powershellScript(),
}

export const completion = defineCommand({
  use: 'completion SHELL',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  flags: {},
  run(context) {
    const [shell, more] = context.args
    if (shell === undefined) throw usageError(context, 'Shell not specified.')
    if (more !== undefined) throw usageError(context, 'Too many arguments. Expected only the shell type.')
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
    if (script === undefined) throw usageError(context, `Unsupported shell type ${JSON.stringify(shell)}.`)
    context.out(script)
  },
})

function bashScript(): string {
  return `# bash completion for kubectl                                 -*- shell-script -*-

__start_kubectl()
{
    local words=("\${COMP_WORDS[@]:1:$COMP_CWORD}")
    mapfile -t COMPREPLY < <(kubectl __complete "\${words[@]}" 2>/dev/null | grep -v '^:')
}

complete -o default -F __start_kubectl kubectl
`
}

function zshScript(): string {
  return `_kubectl()
{
    local -a candidates
    candidates=("\${(@f)$(kubectl __complete "\${words[2,-1]}" 2>/dev/null | grep -v '^:')}")
    compadd -a candidates
}
`
}

function fishScript(): string {
  return `# fish completion for kubectl                                  -*- shell-script -*-

complete -c kubectl -f -a '(kubectl __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null | string match -v ":*")'
`
}

function powershellScript(): string {
  return `# powershell completion for kubectl                             -*- shell-script -*-

Register-ArgumentCompleter -CommandName 'kubectl' -ScriptBlock {
    param($word, $ast)
    kubectl __complete $ast.CommandElements[1..99] 2>$null | Where-Object { $_ -notlike ':*' }
}
`
}
