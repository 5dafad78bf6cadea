import { encodeUtf8 } from '../../machinery/base64.ts'

/** A file or directory of an archive. */
export interface Entry {
  readonly name: string
  /** Undefined for a directory. */
  readonly text: string | undefined
}

const blockBytes = 512

/**
 * A ustar archive as text: the headers are ASCII, files stand between them as they are. Sizes count bytes of UTF-8, so
 * that the text, encoded, is an archive for any tar.
 */
export function writeArchive(entries: readonly Entry[], modifiedMs: number): string {
  const parts = entries.map(({ name, text }) => {
    const bytes = text === undefined ? 0 : encodeUtf8(text).length
    const padding = '\0'.repeat((blockBytes - (bytes % blockBytes)) % blockBytes)
    const path = text === undefined ? `${name.replace(/\/$/, '')}/` : name
    return `${headerOf(path, bytes, text === undefined, modifiedMs)}${text ?? ''}${padding}`
  })
  return `${parts.join('')}${'\0'.repeat(2 * blockBytes)}`
}

function headerOf(name: string, bytes: number, isDirectory: boolean, modifiedMs: number): string {
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  const padded = (text: string, width: number): string =>
    text + '\0'.repeat(Math.max(0, width - encodeUtf8(text).length))
  const start = [padded(name, 100), octal(isDirectory ? 0o755 : 0o644, 8), octal(0, 8), octal(0, 8)].join('')
  const sizes = octal(bytes, 12) + octal(Math.floor(modifiedMs / 1000), 12)
  const rest = `${isDirectory ? '5' : '0'}${'\0'.repeat(100)}ustar\x0000${padded('root', 32)}${padded('root', 32)}`
  const end = `${octal(0, 8)}${octal(0, 8)}${'\0'.repeat(155 + 12)}`
  const sum = encodeUtf8(`${start}${sizes}        ${rest}${end}`).reduce((total, byte) => total + byte, 0)
  return `${start}${sizes}${sum.toString(8).padStart(6, '0')}\0 ${rest}${end}`
}

/** The entries of an archive; undefined when it is none. */
export function readArchive(archive: string): readonly Entry[] | undefined {
  const entries: Entry[] = []
  for (let at = 0; at < archive.length;) {
    // Headers with names beyond ASCII are shorter in characters than in bytes.
    const header = takeBytes(archive, at, blockBytes)
    if (/^\0*$/.test(header)) break
    if (!header.includes('ustar')) return undefined
    const [name = ''] = header.split('\0')
    const fields = header.slice(header.indexOf('ustar') - 257 + 100)
    const bytes = parseInt(fields.slice(24, 35), 8)
    if (Number.isNaN(bytes)) return undefined
    at += header.length
    const text = takeBytes(archive, at, bytes)
    const padding = (blockBytes - (bytes % blockBytes)) % blockBytes
    at += text.length + padding
    entries.push({ name: name.replace(/\/$/, ''), text: name.endsWith('/') ? undefined : text })
  }
  return entries
}

/** So many bytes of a text from a place on. */
function takeBytes(text: string, from: number, bytes: number): string {
  let [end, taken] = [from, 0]
  while (end < text.length && taken < bytes) {
    const code = text.codePointAt(end) ?? 0
    taken += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    end += code >= 0x10000 ? 2 : 1
  }
  return text.slice(from, end)
}
