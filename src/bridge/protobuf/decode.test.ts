import { describe, expect, it } from 'vitest'
import { decodeObject, ProtobufError } from './decode.ts'
import { TruncatedError } from './wire.ts'
import { bytesField, numberField, textField } from './writer.ts'

/** An object as clients send it: `k8s`, a zero, and runtime.Unknown with the type and the object's own bytes. */
function wrapped(apiVersion: string, kind: string, fields: readonly Buffer[]): Buffer {
  const type = bytesField(1, [textField(1, apiVersion), textField(2, kind)])
  return Buffer.concat([Buffer.from('k8s\0'), type, bytesField(2, fields)])
}

const metadata = bytesField(1, [textField(1, 'web'), bytesField(11, [textField(1, 'app'), textField(2, 'wéb')])])

describe('[I3] bodies in protobuf', () => {
  it('are read as the objects that they stand for', () => {
    const entry = (key: string, value: string): Buffer => bytesField(2, [textField(1, key), textField(2, value)])
    expect(decodeObject(wrapped('v1', 'ConfigMap', [metadata, entry('a', '1'), entry('b', 'zwei')]))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', labels: { app: 'wéb' } },
      data: { a: '1', b: 'zwei' },
    })
  })

  it('hold numbers, lists, quantities and what is either a number or a text', () => {
    const port = (target: Buffer): Buffer => bytesField(1, [textField(2, 'TCP'), numberField(3, 80), target])
    const named = bytesField(4, [numberField(1, 1), textField(3, 'http')])
    const numbered = bytesField(4, [numberField(1, 0), numberField(2, 8080)])
    const service = wrapped('v1', 'Service', [metadata, bytesField(2, [port(named), port(numbered)])])
    expect(decodeObject(service)).toMatchObject({
      spec: {
        ports: [
          { protocol: 'TCP', port: 80, targetPort: 'http' },
          { protocol: 'TCP', port: 80, targetPort: 8080 },
        ],
      },
    })
  })

  it('are refused when they are none, of no known kind, or broken off', () => {
    expect(() => decodeObject(Buffer.from('{"kind":"Pod"}'))).toThrow(ProtobufError)
    expect(() => decodeObject(wrapped('v1', 'Nosuch', []))).toThrow('no kind "Nosuch" is registered for version "v1"')
    const whole = wrapped('v1', 'ConfigMap', [metadata])
    expect(() => decodeObject(whole.subarray(0, whole.length - 3))).toThrow(TruncatedError)
  })
})
