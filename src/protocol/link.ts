import { Inflate, deflateSync, strFromU8, strToU8 } from 'fflate'
import { checkOutsideMessage, checkOutsideRequest } from './outside-input.ts'
import type { Fault, Input, LoggedInput, SessionRecord, Topology } from './messages.ts'

/**
 * A session as text for a link: `1.<deflated JSON in base64url>`. What is read is data from a stranger until it has
 * been looked at field by field: a link may be cut, made by a newer page, or made to do harm (D12).
 */
export const linkVersion = 1

/** No honest session comes near it; a bomb of a few kB unpacks to more. */
export const unpackedMaxBytes = 8_000_000

/** Longer texts are refused before anything is done with them. */
export const packedMaxChars = 12_000_000

export type LinkProblem =
  | { readonly problem: 'newer'; readonly found: number; readonly known: number }
  | { readonly problem: 'corrupt'; readonly detail: string }
  | { readonly problem: 'oversized'; readonly limitBytes: number }
  | { readonly problem: 'invalid'; readonly detail: string }

export type LinkReading = { readonly ok: true; readonly record: SessionRecord } | ({ readonly ok: false } & LinkProblem)

/** Writes a record as the text that `readLink` reads. */
export function writeLink(record: SessionRecord): string {
  return `${linkVersion}.${toBase64Url(deflateSync(strToU8(JSON.stringify(record)), { level: 9 }))}`
}

/** Reads a record back, or says why it cannot be. Never throws, whatever the text. */
export function readLink(text: string): LinkReading {
  const version = /^(\d{1,6})\./.exec(text)
  if (!version) return corrupt('it does not begin with a version')
  const found = Number(version[1])
  if (found > linkVersion) return { ok: false, problem: 'newer', found, known: linkVersion }
  if (text.length > packedMaxChars) return { ok: false, problem: 'oversized', limitBytes: unpackedMaxBytes }
  const packed = fromBase64Url(text.slice(version[0].length))
  if (!packed) return corrupt('it has letters that no link has')
  const unpacked = unpack(packed)
  if (unpacked === 'oversized') return { ok: false, problem: 'oversized', limitBytes: unpackedMaxBytes }
  if (unpacked === 'corrupt') return corrupt('its end is missing')
  return readRecord(unpacked)
}

/** The message of a problem in English, as it stands in logs and tests; the page has its own words. */
export function problemText(problem: LinkProblem): string {
  if (problem.problem === 'newer') {
    return `link was made by a newer version (${problem.found} > ${problem.known}): reload the page`
  }
  if (problem.problem === 'corrupt') return `link is damaged (${problem.detail}): copy it again in full`
  if (problem.problem === 'invalid') return `link is not a session: ${problem.detail}`
  return `link holds more than ${Math.round(problem.limitBytes / 1_000_000)} MB of data: it was refused`
}

function corrupt(detail: string): LinkReading {
  return { ok: false, problem: 'corrupt', detail }
}

/** Unpacks piece by piece and stops at the limit, so a bomb never gets its memory. */
function unpack(packed: Uint8Array): string | 'corrupt' | 'oversized' {
  const pieces: Uint8Array[] = []
  let size = 0
  let isDone = false
  const inflate = new Inflate((piece, final) => {
    size += piece.length
    if (size <= unpackedMaxBytes) pieces.push(piece)
    isDone = final
  })
  const step = 16_384 // At most about 1,000 times as much comes out of a step.
  try {
    for (let from = 0; from < packed.length && size <= unpackedMaxBytes; from += step) {
      inflate.push(packed.subarray(from, from + step), from + step >= packed.length)
    }
  } catch {
    return 'corrupt'
  }
  if (size > unpackedMaxBytes) return 'oversized'
  if (!isDone) return 'corrupt'
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return strFromU8(whole)
}

/** Reads the JSON of a record that lay in a file, as little trusted as a link. Never throws. */
export function readRecord(json: string): LinkReading {
  if (json.length > unpackedMaxBytes) return { ok: false, problem: 'oversized', limitBytes: unpackedMaxBytes }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return corrupt('what it holds is not JSON')
  }
  const checked = checkRecord(value)
  return typeof checked === 'string'
    ? { ok: false, problem: 'invalid', detail: checked }
    : { ok: true, record: checked }
}

/** A record made of nothing but what a record has, or a sentence about the first thing that is wrong. */
export function checkRecord(value: unknown): SessionRecord | string {
  if (!isObject(value)) return 'it is not an object'
  const { format, engine, seed, at, topology, inputs, digest } = value
  if (!isCount(format, 1_000_000)) return 'format is not a number'
  if (typeof engine !== 'string' || engine.length > 100) return 'engine is not a version'
  if (!isCount(seed, 2 ** 32)) return 'seed is not a number'
  if (!isTime(at)) return 'at is not a time'
  if (digest !== undefined && (typeof digest !== 'string' || !/^[0-9a-f]{16}$/.test(digest))) return 'digest is not one'
  const shape = checkTopology(topology)
  if (!shape) return 'topology is not one that can be built'
  if (!Array.isArray(inputs)) return 'inputs is not a list'
  const logged: LoggedInput[] = []
  for (const [index, each] of inputs.entries()) {
    const input = isObject(each) && isTime(each['at']) ? checkInput(each['input']) : undefined
    if (!input || !isObject(each) || !isTime(each['at'])) return `input ${index + 1} is not one that can be made`
    logged.push({ at: each['at'], input })
  }
  return { format, engine, seed, topology: shape, inputs: logged, at, ...(digest !== undefined && { digest }) }
}

function checkTopology(value: unknown): Topology | undefined {
  if (!isObject(value)) return undefined
  const { preset, masters, workers, workerCpu, workerMemoryMiB, components } = value
  if (!isText(preset, 100) || !isCount(masters, 9) || !isCount(workers, 5_000)) return undefined
  if (!isAmount(workerCpu) || !isAmount(workerMemoryMiB)) return undefined
  const shape = { preset, masters, workers, workerCpu, workerMemoryMiB }
  if (components === undefined) return shape
  if (!Array.isArray(components) || components.length > 10) return undefined
  const names = components.filter(name => isText(name, 100))
  return names.length === components.length ? { ...shape, components: names } : undefined
}

const textMax = 2_000_000

type Check = (value: Readonly<Record<string, unknown>>) => Input | undefined

/** What each sort of input is made of. Members that do not belong there are left behind. */
const inputChecks: Readonly<Record<string, Check>> = {
  apply: ({ yaml, fileName, dryRun }) => {
    if (!isText(yaml, textMax) || !isOptionalText(fileName) || !isOptionalFlag(dryRun)) return undefined
    return {
      type: 'apply',
      yaml,
      ...(fileName === undefined ? {} : { fileName }),
      ...(dryRun === undefined ? {} : { dryRun }),
    }
  },
  shell: ({ terminal, line }) =>
    isText(terminal, 100) && isText(line, textMax) ? { type: 'shell', terminal, line } : undefined,
  interrupt: ({ terminal }) => (isText(terminal, 100) ? { type: 'interrupt', terminal } : undefined),
  delete: ({ resource, namespace, name }) => {
    if (!isText(resource, 500) || !isText(name, 500) || !isOptionalText(namespace)) return undefined
    return { type: 'delete', resource, name, ...(namespace === undefined ? {} : { namespace }) }
  },
  request: ({ from, url, count, intervalMs }) => {
    if (!isText(from, 500) || !isText(url, 10_000) || !isCount(count, 1_000_000) || !isAmount(intervalMs))
      return undefined
    return { type: 'request', from, url, count, intervalMs }
  },
  fault: ({ fault }) => {
    const checked = isObject(fault) ? checkFault(fault) : undefined
    return checked && { type: 'fault', fault: checked }
  },
  http: ({ request, connection }) => {
    const checked = checkOutsideRequest(request)
    if (!checked || (connection !== undefined && !isCount(connection, 1e9))) return undefined
    return { type: 'http', request: checked, ...(connection === undefined ? {} : { connection }) }
  },
  stream: ({ connection, message }) => {
    const checked = checkOutsideMessage(message)
    return checked && isCount(connection, 1e9) ? { type: 'stream', connection, message: checked } : undefined
  },
}

function checkInput(value: unknown): Input | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string') return undefined
  // Own members only: `constructor` is not a sort of input.
  return Object.hasOwn(inputChecks, value['type']) ? inputChecks[value['type']]?.(value) : undefined
}

function checkFault(fault: Readonly<Record<string, unknown>>): Fault | undefined {
  const { what, target, other, namespace, container } = fault
  if (!isText(target, 500)) return undefined
  if (what === 'stop-machine' || what === 'start-machine' || what === 'stop-kubelet' || what === 'start-kubelet') {
    return { what, target }
  }
  if (what === 'cut-network' || what === 'mend-network') {
    if (!isOptionalText(other)) return undefined
    return { what, target, ...(other === undefined ? {} : { other }) }
  }
  if (what !== 'kill-container' || !isText(namespace, 500) || !isOptionalText(container)) return undefined
  return { what, target, namespace, ...(container === undefined ? {} : { container }) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value, 500)
}

function isOptionalFlag(value: unknown): value is boolean | undefined {
  return value === undefined || typeof value === 'boolean'
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1e9
}

/** A time in ms since 1970, before the year 3000. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 32_503_680_000_000
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const valueOfLetter = new Int16Array(128).fill(-1)
for (let index = 0; index < letters.length; index++) valueOfLetter[letters.charCodeAt(index)] = index

function toBase64Url(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += 3) {
    const [a = 0, b, c] = [bytes[from], bytes[from + 1], bytes[from + 2]]
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const count = c === undefined ? (b === undefined ? 2 : 3) : 4
    for (let index = 0; index < count; index++) parts.push(letters.charAt((bits >> (18 - 6 * index)) & 63))
  }
  return parts.join('')
}

function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let held = 0
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const value = valueOfLetter[text.charCodeAt(index)] ?? -1
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[at++] = (bits >> held) & 0xff
  }
  return bytes
}
