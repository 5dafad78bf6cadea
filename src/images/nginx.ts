import type { Image } from '../node/runtime/image.ts'
import type { Process } from '../node/runtime/program.ts'
import { logTime, httpTime } from './clock.ts'
import { page, webServer } from './http-server.ts'
import { baseFiles } from './base-images.ts'
import { withShell } from './shell/with-shell.ts'
import { hasTag, type TagRule } from './versions.ts'

/** Tags of Docker Hub's nginx: mainline and stable series since 1.7.9. */
const tags: TagRule = {
  names: ['latest', 'stable', 'mainline', 'perl', 'alpine', 'stable-alpine', 'alpine-slim', 'stable-perl', 'otel'],
  minors: { 1: [7, 29] },
  maxPatch: 15,
  variants: ['alpine', 'perl', 'alpine-slim', 'alpine-perl', 'otel', 'bookworm'],
}

/** The newest patch of each minor, for tags that leave it out. */
const newestPatch: Readonly<Record<number, number>> = {
  ...{ 7: 12, 8: 1, 9: 15, 10: 3, 11: 13, 12: 2, 13: 12, 14: 2, 15: 12, 16: 1, 17: 10, 18: 0, 19: 10, 20: 2 },
  ...{ 21: 6, 22: 1, 23: 4, 24: 0, 25: 5, 26: 3, 27: 5, 28: 0, 29: 1 },
}

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`

const root = '/usr/share/nginx/html'

const server = webServer({
  port: 80,
  banner: process => [
    notice(process, `using the "epoll" event method`),
    notice(process, `nginx/${versionOf(process)}`),
    notice(process, 'start worker processes'),
  ],
  portTaken: () => [
    'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
    'nginx: [emerg] still could not bind()',
  ],
  respond(process, { method, path }) {
    const server = `nginx/${versionOf(process)}`
    const headers = { Server: server, Date: httpTime(process.now) }
    const [file = '/'] = path.split('?')
    const body = process.files.read(`${root}${file.endsWith('/') ? `${file}index.html` : file}`)
    if (body === undefined) return page(404, errorPage('404 Not Found', server), headers)
    if (method !== 'GET' && method !== 'HEAD') return page(405, errorPage('405 Not Allowed', server), headers)
    return page(200, body, headers)
  },
  accessLog(process, { method, path, headers }, { status, body }, source) {
    const agent = headers['User-Agent'] ?? '-'
    return `${source} - - [${logTime(process.now)}] "${method} ${path} HTTP/1.1" ${status} ${body.length} "-" "${agent}" "-"`
  },
})

export const nginx: Image = {
  repository: 'docker.io/library/nginx',
  hasTag: tag => tag !== '1.7' && hasTag(tags, tag) && !/^1\.7\.[0-8]\b/.test(tag),
  sizeBytes: 44_710_204,
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  stopSignal: 'SIGQUIT',
  exposedPorts: [80],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: withShell('debian', { '/docker-entrypoint.sh': server, nginx: server }, ['curl']),
  files: {
    ...baseFiles('debian'),
    [`${root}/index.html`]: welcome,
    '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\n',
  },
}

/** The version that a tag stands for: the image's name is known to the process by its own environment. */
function versionOf(process: Process): string {
  const tag = process.image.tag
  const match = /^1\.(\d+)(?:\.(\d+))?/.exec(tag)
  const minor = match?.[1] === undefined ? (tag.startsWith('stable') ? 28 : 29) : Number(match[1])
  return `1.${minor}.${match?.[2] ?? newestPatch[minor] ?? 0}`
}

function notice(process: Process, text: string): string {
  return `${logTime(process.now, 'nginx')} [notice] ${process.pid}#${process.pid}: ${text}`
}

function errorPage(title: string, server: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`
}
