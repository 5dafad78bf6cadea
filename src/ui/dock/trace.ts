import type { TraceLine } from '../../protocol/messages.ts'
import { at, isRecord, numberAt, textAt } from './plain.ts'

type Brief = (data: unknown) => string

/** What an entry says in one line, by its type. Types that are not here show their data. */
const briefs: Readonly<Record<string, Brief>> = {
  request: data =>
    [
      textAt(data, 'verb'),
      nameOf(at(data, 'target')),
      textAt(data, 'subresource'),
      numberAt(data, 'code'),
      textAt(data, 'message'),
      agentOf(textAt(data, 'userAgent')),
    ]
      .filter(Boolean)
      .join(' '),
  watch: data => `${textAt(data, 'resource')} → ${textAt(data, 'to')} ×${numberAt(data, 'count') ?? 1}`,
  work: data =>
    [textAt(data, 'controller'), textAt(data, 'key'), textAt(data, 'result'), textAt(data, 'error')]
      .filter(Boolean)
      .join(' '),
  scheduling: data => `${nameOf(at(data, 'pod'))} → ${textAt(data, 'node') || textAt(data, 'message')}`,
  cri: data =>
    [textAt(data, 'call'), nameOf(at(data, 'pod')), textAt(data, 'container'), textAt(data, 'error')]
      .filter(Boolean)
      .join(' '),
  probe: data =>
    `${textAt(data, 'probe')} ${nameOf(at(data, 'pod'))} ${textAt(data, 'result')} ${textAt(data, 'output')}`,
  process: data => `${textAt(data, 'what')} ${nameOf(at(data, 'pod'))} ${textAt(data, 'container')}`,
  exchange: data =>
    [
      textAt(data, 'phase'),
      textAt(data, 'method'),
      textAt(data, 'url'),
      numberAt(data, 'status'),
      textAt(data, 'error'),
    ]
      .filter(Boolean)
      .join(' '),
  hop: data => `${textAt(data, 'source')} → ${textAt(data, 'destination')} ${textAt(data, 'rule')}`,
  fault: data => `${textAt(data, 'what')} ${textAt(data, 'target')}`,
  input: data => textAt(data, 'what'),
}

export function briefOf(line: TraceLine): string {
  const brief = briefs[line.type]
  if (brief) return brief(line.data)
  return isRecord(line.data) ? JSON.stringify(line.data).slice(0, 200) : String(line.data)
}

function nameOf(target: unknown): string {
  const namespace = textAt(target, 'namespace')
  const name = `${textAt(target, 'resource')}/${textAt(target, 'name')}`
  return namespace === '' ? name : `${namespace}/${name}`
}

/** `kube-controller-manager/v1.36 (linux/amd64) kubernetes/…` is `by kube-controller-manager`. */
function agentOf(userAgent: string): string {
  return userAgent === '' ? '' : `by ${userAgent.split('/')[0] ?? ''}`
}
