import type { Image } from '../node/runtime/image.ts'
import { logTime } from './clock.ts'
import { baseFiles } from './base-images.ts'
import { page, webServer } from './http-server.ts'
import { withShell } from './shell/with-shell.ts'

const server = webServer({
  port: 80,
  cpuMs: 1,
  respond: ({ host }) => page(200, `${host.name}\n`, { Server: 'nginx', 'Content-Type': 'text/plain' }),
  accessLog: (process, { method, path }, { status, body }, source) =>
    `${source} - - [${logTime(process.now)}] "${method} ${path} HTTP/1.1" ${status} ${body.length} "-" "-" "-"`,
})

/** Answers every request with the name of the Pod it runs in: shows which replica answered. */
export const echoHname: Image = {
  repository: 'docker.io/sysnet4admin/echo-hname',
  hasTag: tag => tag === 'latest',
  sizeBytes: 42_900_000,
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  stopSignal: 'SIGQUIT',
  exposedPorts: [80],
  programs: withShell('debian', { '/docker-entrypoint.sh': server, nginx: server }, ['curl']),
  files: baseFiles('debian'),
}
