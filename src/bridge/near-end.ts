import type { WebSocket } from 'ws'
import type { OutsideNews } from '../session/outside.ts'
import type { Connection } from './live-session.ts'

/** How a client speaks on an upgraded connection. News that come before it has begun are kept until then. */
export interface NearEnd {
  begin(socket: WebSocket, connection: Connection): void
  news(news: OutsideNews): void
  /** The connection ends without a word. */
  lost(): void
}

/** Bytes of a WebSocket message, however they came. */
export function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}

/** Closed as it should be. */
export const normalClosure = 1000
