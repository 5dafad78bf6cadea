import { flag } from './flags.ts'
import { rootHome } from '../../shell/home.ts'

/** Where the recordings' user lives: help prints it. */
const home = rootHome

/** Flags of every command: genericclioptions.ConfigFlags and kubectl's own. */
export const globalFlags = {
  as: flag.text(
    'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
  ),
  'as-group': flag.array(
    'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
  ),
  'as-uid': flag.text('UID to impersonate for the operation.'),
  'as-user-extra': flag.array(
    'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.',
  ),
  'cache-dir': flag.text('Default cache directory', { default: `${home}/.kube/cache` }),
  'certificate-authority': flag.text('Path to a cert file for the certificate authority'),
  'client-certificate': flag.text('Path to a client certificate file for TLS'),
  'client-key': flag.text('Path to a client key file for TLS'),
  cluster: flag.text('The name of the kubeconfig cluster to use'),
  context: flag.text('The name of the kubeconfig context to use'),
  'disable-compression': flag.bool('If true, opt-out of response compression for all requests to the server'),
  'insecure-skip-tls-verify': flag.bool(
    "If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
  ),
  kubeconfig: flag.text('Path to the kubeconfig file to use for CLI requests.'),
  kuberc: flag.text('Path to the kuberc file to use for preferences.'),
  'log-flush-frequency': flag.duration('Maximum number of seconds between log flushes', { default: 5000 }),
  'match-server-version': flag.bool('Require server version to match client version'),
  namespace: flag.text('If present, the namespace scope for this CLI request', { short: 'n' }),
  password: flag.text('Password for basic authentication to the API server'),
  profile: flag.text('Name of profile to capture.', { default: 'none' }),
  'profile-output': flag.text('Name of the file to write the profile to', { default: 'profile.pprof' }),
  'request-timeout': flag.text('The length of time to wait before giving up on a single server request.', {
    default: '0',
  }),
  server: flag.text('The address and port of the Kubernetes API server', { short: 's' }),
  'tls-server-name': flag.text('Server name to use for server certificate validation.'),
  token: flag.text('Bearer token for authentication to the API server'),
  user: flag.text('The name of the kubeconfig user to use'),
  username: flag.text('Username for basic authentication to the API server'),
  v: flag.int('number for the log level verbosity', { short: 'v' }),
  vmodule: { ...flag.text('comma-separated list of pattern=N settings for file-filtered logging'), shown: '' },
  'warnings-as-errors': flag.bool(
    'Treat warnings received from the server as errors and exit with a non-zero exit code',
  ),
}
