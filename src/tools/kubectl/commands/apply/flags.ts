import type { Context } from '../../command.ts'
import { flag } from '../../flags.ts'
import { outputFlags } from '../../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, recordFlag, selectorFlag, validateFlag } from '../../subject-flags.ts'

export const applyFlags = {
  ...outputFlags,
  ...fileFlags,
  subresource: flag.text(
    'If specified, apply will operate on the subresource of the requested object.  Only allowed when using --server-side.',
  ),
  ...selectorFlag,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag('kubectl-client-side-apply'),
  ...recordFlag,
  all: flag.bool('Select all resources in the namespace of the specified resource types.'),
  cascade: flag.text('Must be "background", "orphan", or "foreground".', { default: 'background', bare: 'background' }),
  force: flag.bool('If true, immediately remove resources from API and bypass graceful deletion.'),
  'force-conflicts': flag.bool('If true, server-side apply will force the changes against conflicts.'),
  'grace-period': flag.int('Period of time in seconds given to the resource to terminate gracefully.', { default: -1 }),
  'openapi-patch': flag.bool('If true, use openapi to calculate diff when the openapi presents.', { default: true }),
  overwrite: flag.bool('Automatically resolve conflicts between the modified and live configuration.', {
    default: true,
  }),
  prune: flag.bool(
    'Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config.',
  ),
  'prune-allowlist': flag.array('Overwrite the default allowlist with <group/version/kind> for --prune'),
  'server-side': flag.bool('If true, apply runs in the server instead of the client.'),
  timeout: flag.duration('The length of time to wait before giving up on a delete'),
  wait: flag.bool('If true, wait for resources to be gone before returning. This waits for finalizers.'),
}

export type ApplyContext = Context<typeof applyFlags>
