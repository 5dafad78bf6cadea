import type { Cluster } from '../cluster/cluster.ts'
import type { ApplyAnswer, Input } from '../protocol/messages.ts'
import { applyText } from './apply.ts'
import type { Outside, OutsideAnswer } from './outside.ts'

/** What carrying an input out gave: texts of kubectl for what was applied, an error for what cannot be done. */
export type InputResult = ApplyAnswer | { readonly error: string } | { readonly outside: OutsideAnswer } | undefined

/** Does what a user asked for, now. Its number in the session's log is left in the trace. */
export function carryOut(cluster: Cluster, outside: Outside, input: Input, number: number): InputResult {
  const { simulation, terminals } = cluster
  const isDry = input.type === 'apply' && input.dryRun === true
  if (!isDry && !isQuiet(input))
    simulation.trace.record(simulation.now, 'session', 'input', { number, what: wordsFor(input) })
  switch (input.type) {
    case 'apply':
      return applyText(cluster, input.yaml, isDry)
    case 'shell':
      terminals.line(input.terminal, input.line)
      return undefined
    case 'interrupt':
      terminals.interrupt(input.terminal)
      return undefined
    case 'type':
      terminals.type(input.terminal, input.text)
      return undefined
    case 'edited':
      terminals.edited(input.terminal, input.text)
      return undefined
    case 'delete': {
      const namespace = input.namespace === undefined ? [] : ['-n', input.namespace]
      const words = ['kubectl', 'delete', input.resource, input.name, '--wait=false', ...namespace]
      const { stdout, stderr, code } = terminals.kubectl(words)
      return code === 0 ? { lines: lines(stdout), errors: [] } : { error: stderr.trimEnd() }
    }
    case 'request':
      cluster.visit(input)
      return undefined
    case 'fault':
      return refusal(() => cluster.applyFault(input.fault))
    case 'http':
      return { outside: outside.request(cluster, input.request, input.connection) }
    case 'stream':
      outside.send(cluster, input.connection, input.message)
      return undefined
  }
}

/** Reads from outside and keys typed there are too many for a timeline; the requests themselves are in the trace. */
function isQuiet(input: Input): boolean {
  return (
    input.type === 'stream' ||
    (input.type === 'http' && (input.request.method === 'GET' || input.request.method === 'HEAD'))
  )
}

/** An input in a few words, for the timeline. */
export function wordsFor(input: Input): string {
  switch (input.type) {
    case 'apply':
      return `apply ${input.fileName ?? 'manifest'}`
    case 'shell':
      return input.line
    case 'interrupt':
      return '^C'
    case 'type':
      return JSON.stringify(input.text)
    case 'edited':
      return input.text === undefined ? 'close editor' : 'save file'
    case 'delete':
      return `delete ${input.resource}/${input.name}`
    case 'request':
      return `request ${input.url}`
    case 'fault':
      return `${input.fault.what} ${input.fault.target}`
    case 'http':
      return `${input.request.method} ${input.request.path}`
    case 'stream':
      return input.message.send
  }
}

/** Faults name things; what is not there is the user's mistake and not a bug. */
function refusal(action: () => void): { readonly error: string } | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return { error: error.message }
    throw error
  }
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}
