import { takeTokens } from '../../client/limiter.ts'
import type { Run } from './state.ts'

/** Lets an event of our own come when the client's rate limiter lets a request pass. */
export function callAfterLimit({ self }: Run, type: string, data: unknown): void {
  self.schedule(takeTokens(self.state.limiter, 1, self.now), type, data)
}
