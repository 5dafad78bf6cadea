import { deflateSync, strToU8 } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRecord, linkVersion, problemText, readLink, unpackedMaxBytes, writeLink } from './link.ts'
import type { Input, SessionRecord } from './messages.ts'

const start = Date.UTC(2026, 0, 15, 9)

const record: SessionRecord = {
  format: 1,
  engine: '0.1.0',
  seed: 7,
  topology: { preset: 'm-k8s', masters: 1, workers: 3, workerCpu: 2, workerMemoryMiB: 2048 },
  inputs: [
    { at: start + 3_000, input: { type: 'apply', yaml: 'kind: Pod # 파드 🚀\n', fileName: 'pod.yaml' } },
    { at: start + 4_000, input: { type: 'shell', terminal: 't1', line: 'kubectl get pods -o wide' } },
    { at: start + 5_000, input: { type: 'fault', fault: { what: 'stop-machine', target: 'w1-k8s' } } },
  ],
  at: start + 9_000,
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const inputs: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ type: fc.constant('apply' as const), yaml: text, dryRun: fc.boolean() }),
  fc.record({ type: fc.constant('shell' as const), terminal: text, line: text }),
  fc.record({ type: fc.constant('interrupt' as const), terminal: text }),
  fc.record({ type: fc.constant('delete' as const), resource: text, name: text, namespace: text }),
  fc.record({
    type: fc.constant('request' as const),
    from: text,
    url: text,
    count: fc.nat(1000),
    intervalMs: fc.nat(60_000),
  }),
  fc.record({
    type: fc.constant('fault' as const),
    fault: fc.oneof(
      fc.record({ what: fc.constantFrom('stop-machine' as const, 'start-kubelet' as const), target: text }),
      fc.record({ what: fc.constant('cut-network' as const), target: text, other: text }),
      fc.record({ what: fc.constant('kill-container' as const), target: text, namespace: text, container: text }),
    ),
  }),
)
const records: fc.Arbitrary<SessionRecord> = fc.record({
  format: fc.nat(20),
  engine: text,
  seed: fc.nat(),
  topology: fc.record({
    preset: text,
    masters: fc.nat(9),
    workers: fc.nat(100),
    workerCpu: fc.nat(64),
    workerMemoryMiB: fc.nat(64_000),
  }),
  inputs: fc.array(fc.record({ at: fc.integer({ min: start, max: start + 1e9 }), input: inputs }), { maxLength: 20 }),
  at: fc.integer({ min: start, max: start + 1e9 }),
})

/** A link as somebody else would make it, with anything inside. */
function linkOf(value: unknown, version = linkVersion): string {
  const packed = deflateSync(strToU8(JSON.stringify(value)))
  return `${version}.${Buffer.from(packed).toString('base64url')}`
}

describe('links', () => {
  it('[J4] give back every session that they were made from, whatever was typed into it', () => {
    fc.assert(
      fc.property(records, each => {
        expect(readLink(writeLink(each))).toEqual({ ok: true, record: each })
      }),
      { numRuns: 500 },
    )
  })

  it('[J4] hold nothing that has to be escaped in the fragment of a URL', () => {
    expect(writeLink(record)).toMatch(/^1\.[\w-]+$/)
  })

  it('[J4] say that a newer version made them, before looking at what it made', () => {
    const reading = readLink('3.whatever comes in three versions!')
    expect(reading).toEqual({ ok: false, problem: 'newer', found: 3, known: 1 })
    expect(!reading.ok && problemText(reading)).toBe('link was made by a newer version (3 > 1): reload the page')
  })

  it('[J4] are refused with a message wherever they are cut off', () => {
    const whole = writeLink(record)
    for (let length = 0; length < whole.length; length++) {
      const reading = readLink(whole.slice(0, length))
      expect(reading.ok, `cut at ${length}`).toBe(false)
    }
  })

  it('[J4] never throw, whatever letters they are made of', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map(each => `1.${each}`),
        ),
        each => {
          readLink(each)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('[J4] that change a letter are refused or still a well-formed session', () => {
    const whole = writeLink(record)
    fc.assert(
      fc.property(fc.nat(whole.length - 3), fc.constantFrom(...'ABCxyz019-_'), (at, letter) => {
        const reading = readLink(`${whole.slice(0, at + 2)}${letter}${whole.slice(at + 3)}`)
        if (reading.ok) expect(checkRecord(reading.record)).toEqual(reading.record)
      }),
    )
  })

  it('[J4] that are bombs are refused at the limit and not unpacked to the end', () => {
    const bomb = `1.${Buffer.from(deflateSync(new Uint8Array(200_000_000))).toString('base64url')}`
    expect(bomb.length).toBeLessThan(300_000)
    const before = performance.now()
    expect(readLink(bomb)).toEqual({ ok: false, problem: 'oversized', limitBytes: unpackedMaxBytes })
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  it.each([
    ['a list', [], 'it is not an object'],
    ['a text for a seed', { ...record, seed: '7' }, 'seed is not a number'],
    ['a time that is none', { ...record, at: null }, 'at is not a time'],
    [
      'ten million workers',
      { ...record, topology: { ...record.topology, workers: 1e7 } },
      'topology is not one that can be built',
    ],
    ['inputs that are a map', { ...record, inputs: {} }, 'inputs is not a list'],
    [
      'an input of no known sort',
      { ...record, inputs: [{ at: start, input: { type: 'constructor' } }] },
      'input 1 is not one that can be made',
    ],
    [
      'a number for YAML',
      { ...record, inputs: [{ at: start, input: { type: 'apply', yaml: 1 } }] },
      'input 1 is not one that can be made',
    ],
    [
      'a fault of no known sort',
      { ...record, inputs: [{ at: start, input: { type: 'fault', fault: { what: 'eval', target: 'x' } } }] },
      'input 1 is not one that can be made',
    ],
  ])('[J4] with %s are no session', (_, value, detail) => {
    expect(readLink(linkOf(value))).toEqual({ ok: false, problem: 'invalid', detail })
  })

  it('[J4] leave behind members that no session has', () => {
    const value = { ...record, onload: 'alert(1)', topology: { ...record.topology, image: 'x' } }
    const reading = readLink(linkOf(JSON.parse(JSON.stringify(value).replace('{', '{"__proto__":{"polluted":1},'))))
    expect(reading).toEqual({ ok: true, record })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
