import { type Field, type Message, messageOf } from './messages.ts'
import { Reader, type WireValue } from './wire.ts'

/** A body that is not what it says: the text is the API server's. */
export class ProtobufError extends Error {}

/** What every object is wrapped in: `k8s`, a zero, and runtime.Unknown. */
const magic = Buffer.from([0x6b, 0x38, 0x73, 0])

/** Packages of messages whose group is not their folder's name. */
const folders: Readonly<Record<string, string>> = {
  '': 'core',
  'rbac.authorization.k8s.io': 'rbac',
  'flowcontrol.apiserver.k8s.io': 'flowcontrol',
  'meta.k8s.io': 'meta',
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/**
 * Reads an object in Kubernetes' protobuf form as the JSON object that it stands for
 * (apimachinery/pkg/runtime/serializer/protobuf). Throws ProtobufError.
 */
export function decodeObject(bytes: Buffer): Json {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  let [apiVersion, kind] = ['', '']
  let raw: Buffer = Buffer.alloc(0)
  for (const { number, value } of new Reader(bytes.subarray(magic.length))) {
    if (number === 1 && Buffer.isBuffer(value)) {
      for (const part of new Reader(value)) {
        if (part.number === 1) apiVersion = textOf(part.value)
        if (part.number === 2) kind = textOf(part.value)
      }
    }
    if (number === 2 && Buffer.isBuffer(value)) raw = value
  }
  const message = messageOf(`${packageOf(apiVersion)}.${kind}`) ?? messageOf(`meta/v1.${kind}`)
  if (!message) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`)
  return { apiVersion, kind, ...objectOf(message, raw) }
}

/** `apps/v1` is in apps/v1, `networking.k8s.io/v1` in networking/v1. */
function packageOf(apiVersion: string): string {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return `${folders[group] ?? group.replace(/\..*$/, '')}/${version}`
}

function objectOf(message: Message, bytes: Buffer): { [name: string]: Json } {
  const object: { [name: string]: Json } = {}
  for (const { number, value } of new Reader(bytes)) {
    const field = message.get(number)
    if (field) put(object, field, value)
  }
  return object
}

function put(object: { [name: string]: Json }, field: Field, wire: WireValue): void {
  const { name, type, isPointer, isKept, isInline } = field
  if (isInline) {
    const inner = messageOf(type)
    if (inner && Buffer.isBuffer(wire)) Object.assign(object, objectOf(inner, wire))
    return
  }
  if (type.startsWith('[]')) {
    const list = object[name]
    const item = valueOf(type.slice(2), wire)
    if (Array.isArray(list)) list.push(item)
    else object[name] = [item]
    return
  }
  if (type.startsWith('{}')) {
    const entries = object[name]
    const entry = entryOf(type.slice(2), wire)
    if (isMap(entries)) Object.assign(entries, entry)
    else object[name] = entry
    return
  }
  const value = valueOf(type, wire)
  const isEmpty = value === '' || value === 0 || value === false || value === null
  if (!isEmpty || isPointer || isKept) object[name] = value
}

function isMap(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entryOf(type: string, wire: WireValue): { [name: string]: Json } {
  let key = ''
  let value: Json = type === 'string' || type === 'bytes' ? '' : type.startsWith('[]') ? [] : {}
  for (const part of new Reader(bufferOf(wire))) {
    if (part.number === 1) key = textOf(part.value)
    if (part.number === 2) value = type.startsWith('[]') ? listOf(type.slice(2), part.value) : valueOf(type, part.value)
  }
  // A computed name is the object's own, whatever it is.
  return { [key]: value }
}

/** A list as a value of its own is a message with one field, `items`. */
function listOf(type: string, wire: WireValue): Json[] {
  return [...new Reader(bufferOf(wire))].map(({ value }) => valueOf(type, value))
}

function valueOf(type: string, wire: WireValue): Json {
  switch (type) {
    case 'string':
      return textOf(wire)
    case 'bool':
      return wire === 1n
    case 'int32':
    case 'int64':
      return typeof wire === 'bigint' ? Number(BigInt.asIntN(64, wire)) : 0
    case 'float64':
      return Buffer.isBuffer(wire) ? wire.readDoubleLE(0) : 0
    case 'bytes':
      return bufferOf(wire).toString('base64')
    case 'resource.Quantity':
      return textOf([...new Reader(bufferOf(wire))][0]?.value ?? Buffer.alloc(0)) || '0'
    case 'intstr.IntOrString':
      return intOrString(bufferOf(wire))
    case 'meta/v1.Time':
    case 'meta/v1.MicroTime':
      return timeOf(bufferOf(wire), type.endsWith('MicroTime'))
    case 'meta/v1.FieldsV1':
    case 'runtime.RawExtension': {
      const [raw] = [...new Reader(bufferOf(wire))]
      return parsed(raw ? textOf(raw.value) : 'null')
    }
    default: {
      const message = messageOf(type)
      return message ? objectOf(message, bufferOf(wire)) : {}
    }
  }
}

function intOrString(bytes: Buffer): Json {
  const parts = new Map([...new Reader(bytes)].map(({ number, value }) => [number, value]))
  return parts.get(1) === 1n ? textOf(parts.get(3) ?? Buffer.alloc(0)) : valueOf('int32', parts.get(2) ?? 0n)
}

/** Seconds and nanoseconds since 1970; nothing at all is no time. */
function timeOf(bytes: Buffer, hasMicros: boolean): Json {
  const parts = new Map([...new Reader(bytes)].map(({ number, value }) => [number, value]))
  const seconds = parts.get(1)
  if (typeof seconds !== 'bigint') return null
  const text = new Date(Number(BigInt.asIntN(64, seconds)) * 1_000).toISOString().slice(0, 19)
  const nanos = parts.get(2)
  if (!hasMicros) return `${text}Z`
  return `${text}.${String(Math.floor(Number(nanos ?? 0n) / 1_000)).padStart(6, '0')}Z`
}

function parsed(text: string): Json {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    throw new ProtobufError('a part of the message is not JSON')
  }
}

function textOf(wire: WireValue): string {
  return bufferOf(wire).toString('utf8')
}

function bufferOf(wire: WireValue): Buffer {
  return Buffer.isBuffer(wire) ? wire : Buffer.alloc(0)
}
