import { createDeflate, createInflate, constants } from 'node:zlib'
import { spdyDictionary } from './spdy-dictionary.ts'

/** Frames of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00), as far as Kubernetes' clients use them. */
export type SpdyFrame =
  | {
      readonly type: 'open'
      readonly stream: number
      readonly headers: Readonly<Record<string, string>>
      readonly fin: boolean
    }
  | { readonly type: 'data'; readonly stream: number; readonly data: Buffer; readonly fin: boolean }
  | { readonly type: 'reset'; readonly stream: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goaway' }
  | { readonly type: 'other' }

const control = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
}
const finFlag = 1
const headerBytes = 8

/** Cuts a stream of bytes into frames. Header blocks share one compression for the whole connection, so order matters. */
export class SpdyReader {
  private rest = Buffer.alloc(0)
  private readonly inflate = createInflate({ dictionary: spdyDictionary(), finishFlush: constants.Z_SYNC_FLUSH })

  /** All frames that these bytes complete. */
  async read(bytes: Buffer): Promise<SpdyFrame[]> {
    this.rest = Buffer.concat([this.rest, bytes])
    const frames: SpdyFrame[] = []
    while (this.rest.length >= headerBytes) {
      const length = this.rest.readUIntBE(5, 3)
      if (this.rest.length < headerBytes + length) break
      const head = this.rest.subarray(0, headerBytes)
      const body = this.rest.subarray(headerBytes, headerBytes + length)
      this.rest = this.rest.subarray(headerBytes + length)
      frames.push(await this.frame(head, body))
    }
    return frames
  }

  private async frame(head: Buffer, body: Buffer): Promise<SpdyFrame> {
    const fin = ((head[4] ?? 0) & finFlag) !== 0
    const first = head.readUInt32BE(0)
    if (first < 0x8000_0000) return { type: 'data', stream: first, data: body, fin }
    switch (first & 0xffff) {
      case control.synStream: {
        const stream = body.readUInt32BE(0) & 0x7fff_ffff
        return { type: 'open', stream, headers: headersIn(await this.unpack(body.subarray(10))), fin }
      }
      case control.synReply:
      case control.headers:
        await this.unpack(body.subarray(4))
        return { type: 'other' }
      case control.rstStream:
        return { type: 'reset', stream: body.readUInt32BE(0) & 0x7fff_ffff }
      case control.ping:
        return { type: 'ping', id: body.readUInt32BE(0) }
      case control.goAway:
        return { type: 'goaway' }
      default:
        return { type: 'other' }
    }
  }

  private unpack(block: Buffer): Promise<Buffer> {
    return through(this.inflate, block)
  }
}

/** Writes frames. */
export class SpdyWriter {
  private readonly deflate = createDeflate({ dictionary: spdyDictionary() })

  async reply(stream: number, headers: Readonly<Record<string, string>> = {}): Promise<Buffer> {
    const block = await through(this.deflate, headerBlock(headers))
    return controlFrame(control.synReply, 0, Buffer.concat([uint32(stream), block]))
  }

  /** Opens a stream: what clients do. */
  async open(stream: number, headers: Readonly<Record<string, string>>, fin = false): Promise<Buffer> {
    const block = await through(this.deflate, headerBlock(headers))
    const body = Buffer.concat([uint32(stream), uint32(0), Buffer.alloc(2), block])
    return controlFrame(control.synStream, fin ? finFlag : 0, body)
  }

  data(stream: number, data: Buffer, fin = false): Buffer {
    return Buffer.concat([uint32(stream), lengthWith(fin ? finFlag : 0, data.length), data])
  }

  ping(id: number): Buffer {
    return controlFrame(control.ping, 0, uint32(id))
  }
}

function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  return Buffer.concat([uint32(0x8003_0000 + type), lengthWith(flags, body.length), body])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

function lengthWith(flags: number, length: number): Buffer {
  return uint32(flags * 0x100_0000 + length)
}

/** Sends bytes through a compression that goes on, and waits for all that comes out. */
function through(
  stream: ReturnType<typeof createInflate> | ReturnType<typeof createDeflate>,
  bytes: Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const take = (piece: Buffer): void => void pieces.push(piece)
    stream.on('data', take)
    stream.once('error', reject)
    stream.write(bytes, () => {
      stream.flush(constants.Z_SYNC_FLUSH, () => {
        stream.off('data', take)
        stream.off('error', reject)
        resolve(Buffer.concat(pieces))
      })
    })
  })
}

function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers)
  const texts = entries.flat().flatMap(text => [uint32(Buffer.byteLength(text)), Buffer.from(text)])
  return Buffer.concat([uint32(entries.length), ...texts])
}

function headersIn(block: Buffer): Record<string, string> {
  let at = 4
  const text = (): string => {
    const length = block.readUInt32BE(at)
    at += 4 + length
    return block.toString('utf8', at - length, at)
  }
  const count = block.readUInt32BE(0)
  const entries: [string, string][] = []
  for (let index = 0; index < count; index++) entries.push([text().toLowerCase(), text()])
  return Object.fromEntries(entries)
}
