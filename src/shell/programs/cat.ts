import type { ShellProgram } from '../host.ts'
import { linesOf, parseArguments, readAll, textOf } from './filter.ts'

/** cat: what comes in goes out at once, so that it can stand behind something that never ends. */
export const cat: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, '')
    if (operands.length === 0 && !options.has('n')) {
      const { text, ended } = call.input()
      call.out(text)
      return ended ? { exit: 0 } : { wait: 'input' }
    }
    return readAll(call, operands.length === 0 ? ['-'] : operands, inputs => {
      const text = inputs.map(input => input.text).join('')
      const numbered = (): string =>
        textOf(linesOf(text).map((line, index) => `${String(index + 1).padStart(6)}\t${line}`))
      call.out(options.has('n') ? numbered() : text)
      return 0
    })
  },
}
