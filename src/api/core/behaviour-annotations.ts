import { parseDuration } from '../../machinery/duration.ts'
import { milliValue, quantityError, value } from '../../machinery/quantity.ts'

/** What a container does, as far as annotations of its Pod say it; the image says the rest. Plain data. */
export interface Behaviour {
  /** From exec until the program begins: it listens to nothing before. */
  readonly startMs?: number
  /** From its beginning until it is ready: requests get 503 before. */
  readonly readyMs?: number
  readonly cpuMillis?: number
  readonly memoryBytes?: number
  /** What it takes more of every second, for ever or until it has `memoryMost`. */
  readonly memoryGrowth?: number
  readonly memoryMost?: number
  /** CPU time that one request takes, in ms of one core. */
  readonly cpuPerRequestMs?: number
  /** Memory that one request leaves behind. */
  readonly memoryPerRequest?: number
  /** How long a request waits besides what it computes: a slow database behind it. */
  readonly latencyMs?: number
  readonly responseStatus?: number
  readonly responseBody?: string
  readonly ports?: readonly number[]
  readonly crashAfterMs?: number
  readonly exitCode?: number
  readonly log?: readonly string[]
  readonly logEveryMs?: number
}

/** One annotation: how it is written, what it is for, and how it is read (undefined: not like that). */
export interface BehaviourAnnotation {
  readonly key: string
  /** What a value must be, for complaints: `must be …`. */
  readonly form: string
  readonly example: string
  readonly en: string
  readonly ko: string
  read(text: string): Behaviour | undefined
}

export const behaviourPrefix = 'podscape.dev/'

/** Every annotation that there is, in the order in which they are explained. */
export const behaviourAnnotations: readonly BehaviourAnnotation[] = [
  ofDuration('start-delay', 'startMs', '5s', {
    en: 'How long the program takes from its start until it opens its ports.',
    ko: '프로그램이 시작된 뒤 포트를 열기까지 걸리는 시간입니다.',
  }),
  ofDuration('ready-delay', 'readyMs', '20s', {
    en: 'How long it answers 503 after it has opened its ports: HTTP readiness probes fail until then.',
    ko: '포트를 연 뒤 503으로 답하는 시간입니다. 그때까지 HTTP 준비성 프로브가 실패합니다.',
  }),
  ofCpu('cpu', 'cpuMillis', '250m', {
    en: 'CPU that it uses all the time. More than its limit is throttled.',
    ko: '항상 사용하는 CPU입니다. 제한을 넘으면 스로틀링됩니다.',
  }),
  ofDuration('cpu-per-request', 'cpuPerRequestMs', '20ms', {
    en: 'CPU time that every request takes, of one core.',
    ko: '요청 하나가 쓰는 CPU 시간(코어 하나 기준)입니다.',
  }),
  ofMemory('memory', 'memoryBytes', '64Mi', {
    en: 'Memory that it has from its start.',
    ko: '시작할 때부터 사용하는 메모리입니다.',
  }),
  {
    key: 'memory-growth',
    form: 'must be an amount of memory for each second, minute or hour, such as 1Mi/s',
    example: '1Mi/s',
    en: 'A leak: memory that it takes more of as time passes. Beyond its limit the container is OOMKilled.',
    ko: '메모리 누수입니다. 시간이 지날수록 더 쓰는 메모리로, 제한을 넘으면 컨테이너가 OOMKilled됩니다.',
    read: text => growthIn(text),
  },
  ofMemory('memory-max', 'memoryMost', '300Mi', {
    en: 'Where the growth of its memory ends.',
    ko: '메모리 증가가 멈추는 지점입니다.',
  }),
  ofMemory('memory-per-request', 'memoryPerRequest', '100Ki', {
    en: 'Memory that every request leaves behind.',
    ko: '요청 하나가 남기고 가는 메모리입니다.',
  }),
  ofDuration('latency', 'latencyMs', '50ms', {
    en: 'How long a request waits before it is answered, besides the CPU time it takes.',
    ko: 'CPU 시간 외에 요청이 응답을 기다리는 시간입니다.',
  }),
  ofNumber('response-status', 'responseStatus', [100, 599], '500', {
    en: 'HTTP status with which requests are answered.',
    ko: '요청에 답하는 HTTP 상태 코드입니다.',
  }),
  {
    key: 'response-body',
    form: 'must be text',
    example: 'hello',
    en: 'Text with which requests are answered.',
    ko: '요청에 답하는 본문입니다.',
    read: text => ({ responseBody: text }),
  },
  {
    key: 'ports',
    form: 'must be port numbers from 1 to 65535 with commas between them, such as 8080,9090',
    example: '8080,9090',
    en: 'TCP ports on which it answers HTTP requests, for images of which nothing is known.',
    ko: 'HTTP 요청에 답하는 TCP 포트입니다. 동작이 알려지지 않은 이미지에 사용합니다.',
    read: text => portsIn(text),
  },
  ofDuration('crash-after', 'crashAfterMs', '30s', {
    en: 'How long it runs until it ends by itself, with exit-code (default 1).',
    ko: '스스로 종료하기까지의 시간입니다. exit-code(기본값 1)로 끝납니다.',
  }),
  ofNumber('exit-code', 'exitCode', [0, 255], '3', {
    en: 'Exit code of crash-after; without that, the program ends with it at once.',
    ko: 'crash-after의 종료 코드입니다. crash-after가 없으면 곧바로 이 코드로 끝납니다.',
  }),
  {
    key: 'log',
    form: 'must be text',
    example: 'listening on :8080',
    en: 'Lines that it writes when it begins.',
    ko: '시작할 때 기록하는 로그입니다.',
    read: text => ({ log: text.replace(/\n$/, '').split('\n') }),
  },
  ofDuration('log-every', 'logEveryMs', '10s', {
    en: 'Writes the lines of log again and again, with so much time between.',
    ko: 'log의 내용을 이 간격으로 되풀이해 기록합니다.',
  }),
]

type Words = Pick<BehaviourAnnotation, 'en' | 'ko'>
type Amount = {
  [Key in keyof Behaviour]-?: number extends Behaviour[Key] ? Key : never
}[keyof Behaviour]

function ofDuration(key: string, field: Amount, example: string, words: Words): BehaviourAnnotation {
  const form = `must be a length of time, such as ${example}`
  return { key, form, example, ...words, read: text => one(field, durationIn(text)) }
}

function ofCpu(key: string, field: Amount, example: string, words: Words): BehaviourAnnotation {
  const form = `must be an amount of CPU, such as ${example}`
  return { key, form, example, ...words, read: text => one(field, amountIn(text, milliValue)) }
}

function ofMemory(key: string, field: Amount, example: string, words: Words): BehaviourAnnotation {
  const form = `must be an amount of memory, such as ${example}`
  return { key, form, example, ...words, read: text => one(field, amountIn(text, value)) }
}

function ofNumber(
  key: string,
  field: Amount,
  [least, most]: readonly [number, number],
  example: string,
  words: Words,
): BehaviourAnnotation {
  const form = `must be a whole number from ${least} to ${most}`
  const read = (text: string): Behaviour | undefined => one(field, wholeIn(text, least, most))
  return { key, form, example, ...words, read }
}

function one(field: Amount, amount: number | undefined): Behaviour | undefined {
  return amount === undefined ? undefined : { [field]: amount }
}

function durationIn(text: string): number | undefined {
  const parsed = parseDuration(text.trim())
  return parsed.error === undefined && parsed.value >= 0 ? parsed.value : undefined
}

function amountIn(text: string, read: (quantity: string) => number): number | undefined {
  const trimmed = text.trim()
  if (quantityError(trimmed) !== undefined || trimmed.startsWith('-')) return undefined
  return read(trimmed)
}

function wholeIn(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1
  return number >= least && number <= most ? number : undefined
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3_600 }

function growthIn(text: string): Behaviour | undefined {
  const [, amount = '', unit = ''] = /^([^/]+)\/(s|m|min|h)$/.exec(text.trim()) ?? []
  const bytes = amountIn(amount, value)
  const per = seconds[unit]
  return bytes === undefined || per === undefined ? undefined : { memoryGrowth: bytes / per }
}

function portsIn(text: string): Behaviour | undefined {
  const ports = text.split(',').map(part => wholeIn(part, 1, 65_535))
  const known = ports.filter(port => port !== undefined)
  return known.length === ports.length ? { ports: known } : undefined
}
