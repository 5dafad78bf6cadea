import type { Image } from '../node/runtime/image.ts'
import { httpTime, logTime } from './clock.ts'
import { page, webServer } from './http-server.ts'
import { baseFiles } from './base-images.ts'
import { withShell } from './shell/with-shell.ts'
import { hasTag } from './versions.ts'

const root = '/usr/local/apache2/htdocs'

const server = webServer({
  port: 80,
  banner: ({ host: { addresses } }) => [
    `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${addresses[0] ?? '127.0.0.1'}. Set the 'ServerName' directive globally to suppress this message`,
  ],
  portTaken: () => [
    '(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80',
    'no listening sockets available, shutting down',
  ],
  respond(process, { path }) {
    const headers = { Server: 'Apache/2.4.65 (Unix)', Date: httpTime(process.now) }
    const [file = '/'] = path.split('?')
    const body = process.files.read(`${root}${file.endsWith('/') ? `${file}index.html` : file}`)
    return body === undefined ? page(404, notFound, headers) : page(200, body, headers)
  },
  accessLog: (process, { method, path }, { status, body }, source) =>
    `${source} - - [${logTime(process.now)}] "${method} ${path} HTTP/1.1" ${status} ${body.length}`,
})

const notFound =
  '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n' +
  '<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n'

/** Apache's web server as Docker Hub has it. */
export const httpd: Image = {
  repository: 'docker.io/library/httpd',
  hasTag: tag =>
    hasTag({ names: ['latest'], minors: { 2: [4, 4] }, maxPatch: 65, variants: ['alpine', 'bookworm', 'trixie'] }, tag),
  sizeBytes: 45_150_000,
  command: ['httpd-foreground'],
  stopSignal: 'SIGWINCH',
  exposedPorts: [80],
  programs: withShell('debian', { 'httpd-foreground': server, httpd: server }),
  files: { ...baseFiles('debian'), [`${root}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n' },
}
