/** A number in groups of seven bits, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80)
  return Buffer.from([...bytes, left])
}

/** A field that is a number. */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)])
}

/** A field that is a message, as the fields of that. */
export function bytesField(number: number, pieces: readonly Buffer[]): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return Buffer.concat([varint((number << 3) | 2), varint(length), ...pieces])
}

/** A field that is a text; nothing when it is none. */
export function textField(number: number, value: unknown): Buffer {
  if (typeof value !== 'string' || value === '') return Buffer.alloc(0)
  return bytesField(number, [Buffer.from(value)])
}
