import { defineCommand, type Outcome, type ProxyRules } from '../command.ts'
import { PlainError, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { freePort } from '../ports.ts'
import { klogWarning } from '../writing.ts'

const flags = {
  'accept-hosts': flag.text('Regular expression for hosts that the proxy should accept.', {
    default: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
  }),
  'accept-paths': flag.text('Regular expression for paths that the proxy should accept.', { default: '^.*' }),
  address: flag.text('The IP address on which to serve on.', { default: '127.0.0.1' }),
  'api-prefix': flag.text('Prefix to serve the proxied API under.', { default: '/' }),
  'append-server-path': flag.bool(
    'If true, enables automatic path appending of the kube context server path to each request.',
  ),
  'disable-filter': flag.bool(
    'If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.',
  ),
  keepalive: flag.duration(
    'keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.',
  ),
  port: flag.int('The port on which to run the proxy. Set to 0 to pick a random port.', { short: 'p', default: 8001 }),
  'reject-methods': flag.text(
    "Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH'). ",
    { default: '^$' },
  ),
  'reject-paths': flag.text(
    'Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.',
    { default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach' },
  ),
  'unix-socket': flag.text('Unix socket on which to run the proxy.', { short: 'u' }),
  www: flag.text('Also serve static files from the given directory under the specified prefix.', { short: 'w' }),
  'www-prefix': flag.text('Prefix to serve static files under, if static file directory is specified.', {
    short: 'P',
    default: '/static/',
  }),
}

/** kubectl/pkg/cmd/proxy/proxy.go: serves the API on a port of this machine, without anybody having to log in. */
export const proxy = defineCommand<typeof flags, null>({
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  short: 'Run a proxy to the Kubernetes API server',
  flags,

  run({ client, err, flags: given, host, out }): Outcome<null> {
    const warn = (line: number, text: string): void => err(klogWarning(host.now, `proxy.go:${line}`, text))
    if (given['disable-filter'] && given['unix-socket'] === '') {
      warn(167, 'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious')
    }
    if (given.port !== 8001 && given['unix-socket'] !== '') {
      throw new UsageError('cannot set --unix-socket and --port at the same time')
    }
    if (given.www !== '' && host.files.list(given.www) === undefined) {
      const isFile = host.files.read(given.www) !== undefined
      if (isFile) warn(202, `Static file directory ${given.www} is not a directory`)
      else warn(200, `Failed to stat static file directory ${given.www}: stat ${given.www}: no such file or directory`)
    }
    if (given.port < 0 || given.port > 65_535) throw new UsageError(`listen tcp: address ${given.port}: invalid port`)
    const port = given.port === 0 ? freePort(host) : given.port
    if (!host.isPortFree) throw new PlainError('error: this machine has no ports to listen on')
    if (!host.isPortFree(port)) {
      throw new UsageError(`listen tcp ${given.address}:${port}: bind: address already in use`)
    }
    out(`Starting to serve on ${given.address}:${port}\n`)
    const rules = rulesOf(given, client.headers)
    return { state: null, streams: [], listeners: [{ port, to: { what: 'api', ...rules } }] }
  },

  resume: () => ({ state: null }),
})

type Given = Readonly<Record<keyof typeof flags, unknown>>

function rulesOf(given: Given, headers: Readonly<Record<string, string>>): ProxyRules {
  const patterns = (name: keyof typeof flags): string[] =>
    given['disable-filter'] === true ? [] : String(given[name]).split(',')
  const prefix = (text: unknown): string => String(text).replace(/\/?$/, '/')
  return {
    apiPrefix: prefix(given['api-prefix']),
    filesPrefix: prefix(given['www-prefix']),
    filesFrom: String(given.www),
    acceptPaths: patterns('accept-paths'),
    rejectPaths: patterns('reject-paths'),
    acceptHosts: patterns('accept-hosts'),
    rejectMethods: patterns('reject-methods'),
    headers,
  }
}
