/** A value as it is on the wire: a number, or bytes (also those of numbers of a fixed length). */
export type WireValue = bigint | Buffer

export interface WireField {
  readonly number: number
  readonly value: WireValue
}

/** The message ends where more was promised. */
export class TruncatedError extends Error {}

/** Walks over the fields of a protobuf message. */
export class Reader implements Iterable<WireField> {
  constructor(private readonly bytes: Buffer) {}

  *[Symbol.iterator](): Iterator<WireField> {
    const { bytes } = this
    let at = 0
    const varint = (): bigint => {
      let value = 0n
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes[at++]
        if (byte === undefined) throw new TruncatedError('unexpected EOF')
        value |= BigInt(byte & 0x7f) << shift
        if (byte < 0x80) return value
      }
      throw new TruncatedError('integer overflow')
    }
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new TruncatedError('unexpected EOF')
      at += length
      return bytes.subarray(at - length, at)
    }
    while (at < bytes.length) {
      const key = Number(varint())
      const number = key >>> 3
      switch (key & 7) {
        case 0:
          yield { number, value: varint() }
          break
        case 1:
          yield { number, value: take(8) }
          break
        case 2:
          yield { number, value: take(Number(varint())) }
          break
        case 5:
          yield { number, value: take(4) }
          break
        default:
          throw new TruncatedError(`illegal wireType ${key & 7}`)
      }
    }
  }
}
