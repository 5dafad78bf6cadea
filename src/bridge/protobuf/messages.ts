import { readFileSync } from 'node:fs'

/** One field of a message, by what messages.txt says of it. */
export interface Field {
  readonly name: string
  readonly type: string
  /** A pointer in Go: what is not sent is not there, and what is sent is, even when it is empty. */
  readonly isPointer: boolean
  /** Written to JSON even when it is empty. */
  readonly isKept: boolean
  /** Its fields are fields of the object around it. */
  readonly isInline: boolean
}

export type Message = ReadonlyMap<number, Field>

let messages: Map<string, Message> | undefined

/** A message by its package and name: `apps/v1.Deployment`. */
export function messageOf(name: string): Message | undefined {
  messages ??= readMessages()
  return messages.get(name)
}

function readMessages(): Map<string, Message> {
  const found = new Map<string, Message>()
  let home = ''
  for (const line of readFileSync(new URL('messages.txt', import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('# ')) home = line.slice(2)
    const [name = '', ...fields] = line.split('|')
    if (fields.length > 0) found.set(`${home}.${name}`, new Map(fields.map(field => fieldIn(home, field))))
  }
  return found
}

function fieldIn(home: string, text: string): [number, Field] {
  const [number = '', name = '', written = ''] = text.split(' ')
  const type = written.replace(/[?!~]+$/, '')
  const flags = written.slice(type.length)
  const [, shape = '', of = ''] = /^((?:\[\]|\{\})*)(.*)$/.exec(type) ?? []
  const isLocal = /^[A-Z]\w*$/.test(of)
  return [
    Number(number),
    {
      name,
      type: `${shape}${isLocal ? `${home}.${of}` : of}`,
      isPointer: flags.includes('?'),
      isKept: flags.includes('!'),
      isInline: flags.includes('~'),
    },
  ]
}
