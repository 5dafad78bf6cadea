import type { Host } from './host.ts'

/** A port that the kernel would choose: one of those for clients that nobody listens on. */
export function freePort(host: Host): number {
  for (;;) {
    const port = 32_768 + Math.floor(host.random() * 28_231)
    if (host.isPortFree?.(port) ?? true) return port
  }
}
