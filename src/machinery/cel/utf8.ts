import { decodeUtf8 as textOf, encodeUtf8 as bytesOf, isUtf8 } from '../base64.ts'

export function encodeUtf8(text: string): Uint8Array {
  return Uint8Array.from(bytesOf(text))
}

/** The text, or undefined where the bytes are none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const list = [...bytes]
  return isUtf8(list) ? textOf(list) : undefined
}
