import type { Image } from '../node/runtime/image.ts'
import { baseFiles } from './base-images.ts'
import { httpTime, logTime } from './clock.ts'
import { page, webServer } from './http-server.ts'
import { withShell } from './shell/with-shell.ts'

/**
 * CPU time of one request: a million square roots. One client that waits for each answer keeps about two thirds of a core
 * busy with it.
 */
const requestMs = 25

const server = webServer({
  port: 80,
  cpuMs: requestMs,
  memoryBytes: 12 * 2 ** 20,
  portTaken: () => ['(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80'],
  respond: process =>
    page(200, 'OK!', { Server: 'Apache/2.4.10 (Debian)', Date: httpTime(process.now), 'X-Powered-By': 'PHP/5.6.14' }),
  accessLog: (process, { method, path, headers }, { status, body }, source) =>
    `${source} - - [${logTime(process.now)}] "${method} ${path} HTTP/1.1" ${status} ${body.length + 202} "-" "${headers['User-Agent'] ?? '-'}"`,
})

/** The image of the walkthrough of the HorizontalPodAutoscaler: a page in PHP that computes (k8s.io/docs, hpa-example). */
export const hpaExampleImages: readonly Image[] = ['registry.k8s.io', 'k8s.gcr.io', 'gcr.io/google_containers'].map(
  registry => ({
    repository: `${registry}/hpa-example`,
    hasTag: tag => tag === 'latest',
    sizeBytes: 199_800_000,
    command: ['apache2-foreground'],
    exposedPorts: [80],
    programs: withShell('debian', { 'apache2-foreground': server, '/usr/local/bin/apache2-foreground': server }, [
      'curl',
    ]),
    files: {
      ...baseFiles('debian'),
      '/var/www/html/index.php':
        '<?php\n  $x = 0.0001;\n  for ($i = 0; $i <= 1000000; $i++) {\n    $x += sqrt($x);\n  }\n  echo "OK!";\n?>\n',
    },
  }),
)
