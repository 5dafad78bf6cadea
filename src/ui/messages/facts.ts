import type { TraceLine } from '../../protocol/messages.ts'
import type { Tone } from '../../scene/model.ts'
import { listAt, numberAt, textAt } from '../dock/plain.ts'

export type FactName =
  | 'verb'
  | 'object'
  | 'user'
  | 'client'
  | 'source'
  | 'destination'
  | 'rule'
  | 'resource'
  | 'changes'
  | 'revision'
  | 'latency'

export interface Stage {
  readonly stage: string
  readonly verdict: string
  readonly by: string
  readonly detail: string
}

/** A message in words, as the trace has it. */
export interface MessageFacts {
  readonly title: string
  readonly tone: Tone
  /** `201`, `403 pods is forbidden: …`, `dropped`. */
  readonly verdict: string
  readonly facts: readonly (readonly [FactName, string])[]
  /** What the API server did with a request, in its order. */
  readonly stages: readonly Stage[]
  /** The request on the network that a hop belongs to. */
  readonly exchange: number | undefined
}

type Reading = (line: TraceLine) => MessageFacts

const readings: Readonly<Record<string, Reading>> = { request: readRequest, watch: readWatch, hop: readHop }

/** Whether a trace entry is a message that moves, and not something that a component did by itself. */
export function isMessage({ type }: TraceLine): boolean {
  return Object.hasOwn(readings, type)
}

/** What a trace entry says about its message, or undefined when it is about none. */
export function factsOf(line: TraceLine): MessageFacts | undefined {
  return Object.hasOwn(readings, line.type) ? readings[line.type]?.(line) : undefined
}

function readRequest({ data }: TraceLine): MessageFacts {
  const code = numberAt(data, 'code') ?? 0
  const resource = textAt(data, 'target', 'resource')
  const name = textAt(data, 'target', 'name')
  const subresource = textAt(data, 'subresource')
  const object = [textAt(data, 'target', 'namespace'), resource, name, subresource].filter(Boolean).join('/')
  const verb = textAt(data, 'verb')
  return {
    title: [verb, [resource, name].filter(Boolean).join('/')].join(' '),
    tone: code === 0 || code >= 500 ? 'bad' : code >= 400 ? 'warning' : 'good',
    verdict: [String(code), textAt(data, 'message')].filter(Boolean).join(' '),
    facts: known([
      ['verb', verb],
      ['object', object],
      ['user', textAt(data, 'user')],
      ['client', textAt(data, 'userAgent')],
      ['revision', counted(numberAt(data, 'revision'))],
    ]),
    stages: gathered(
      listAt(data, 'stages').map(each => ({
        stage: textAt(each, 'stage'),
        verdict: textAt(each, 'verdict'),
        by: textAt(each, 'by'),
        detail: textAt(each, 'detail'),
      })),
    ),
    exchange: undefined,
  }
}

/** A dozen admission plugins that had nothing to say are one line with their names. */
function gathered(stages: readonly Stage[]): readonly Stage[] {
  const lines: Stage[] = []
  for (const each of stages) {
    const last = lines.at(-1)
    const isSame = last?.stage === each.stage && last.verdict === each.verdict && last.detail + each.detail === ''
    if (last && isSame) lines[lines.length - 1] = { ...last, by: [last.by, each.by].filter(Boolean).join(', ') }
    else lines.push(each)
  }
  return lines
}

function readWatch({ data }: TraceLine): MessageFacts {
  const resource = textAt(data, 'resource')
  return {
    title: resource,
    tone: 'good',
    verdict: '',
    facts: known([
      ['resource', resource],
      ['changes', counted(numberAt(data, 'count'))],
      ['revision', counted(numberAt(data, 'revision'))],
    ]),
    stages: [],
    exchange: undefined,
  }
}

function readHop({ data }: TraceLine): MessageFacts {
  const verdict = textAt(data, 'verdict')
  const [source, destination] = [textAt(data, 'source'), textAt(data, 'destination')]
  return {
    title: `${source} → ${destination}`,
    tone: verdict === 'dropped' || verdict === 'refused' ? 'bad' : 'good',
    verdict,
    facts: known([
      ['source', source],
      ['destination', destination],
      ['rule', textAt(data, 'rule')],
      ['latency', milliseconds(numberAt(data, 'latencyMs'))],
    ]),
    stages: [],
    exchange: numberAt(data, 'exchange'),
  }
}

function known(facts: readonly (readonly [FactName, string])[]): MessageFacts['facts'] {
  return facts.filter(([, value]) => value !== '')
}

function counted(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

/** `0.25 ms`: as fine as a person can use it. */
export function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : `${Number(value.toPrecision(3))} ms`
}
