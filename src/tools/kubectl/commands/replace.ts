import { gather, infoPath, manifestInfo, subjectsOf } from '../api/builder.ts'
import { pathOf } from '../api/client.ts'
import { defineCommand, type Outcome, selectionOf } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, validateFlag } from '../subject-flags.ts'
import { at, textAt, withAt } from '../unstructured.ts'
import { attempt } from '../../../machinery/status.ts'
import { dryRunOf, lastAppliedPath, reporter, withLastApplied, withSource, writeQuery } from '../writing.ts'
import { isValidating } from './create/index.ts'

export const replace = defineCommand({
  use: 'replace -f FILENAME',
  short: 'Replace a resource by file name or stdin',
  flags: {
    ...outputFlags,
    ...fileFlags,
    ...dryRunFlag,
    ...validateFlag,
    ...fieldManagerFlag('kubectl-replace'),
    cascade: flag.text('Must be "background", "orphan", or "foreground".', {
      default: 'background',
      bare: 'background',
    }),
    force: flag.bool('If true, immediately remove resources from API and bypass graceful deletion.'),
    'grace-period': flag.int('Period of time in seconds given to the resource to terminate gracefully.', {
      default: -1,
    }),
    raw: flag.text('Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.'),
    'save-config': flag.bool('If true, the configuration of current object will be saved in its annotation.'),
    subresource: flag.text('If specified, replace will operate on the subresource of the requested object.'),
    timeout: flag.duration('The length of time to wait before giving up on a delete'),
    wait: flag.bool('If true, wait for resources to be gone before returning.'),
  },

  run(context): Outcome {
    const { client, flags, host, mapper, out } = context
    if (flags.filename.length === 0 && flags.kustomize === '') throw new UsageError('must specify one of -f and -k')
    if (flags.raw !== '') {
      const [path = ''] = flags.filename
      return out(client.text('PUT', flags.raw, path === '-' ? host.stdin() : (host.files.read(path) ?? '')))
    }
    const dryRun = dryRunOf(context)
    const report = reporter(context)
    const selection = selectionOf(context, { validate: isValidating(flags.validate) })
    const subjects = subjectsOf(host, mapper, selection)
    const manifests = subjects.sort === 'files' ? subjects.manifests : []
    const { failures } = gather(manifests, manifest => {
      const info = manifestInfo(mapper(), manifest, selection)
      const object =
        flags['save-config'] || isApplied(info.object) ? withLastApplied(info.object ?? {}) : (info.object ?? {})
      if (dryRun === 'client') return report(object, 'replaced')
      const query = writeQuery(context)
      if (flags.force) {
        const gone = attempt(
          () =>
            void client.delete(infoPath(info), {
              kind: 'DeleteOptions',
              apiVersion: 'v1',
              gracePeriodSeconds: 0,
              propagationPolicy: 'Background',
            }),
        )
        if (!gone)
          out(
            `${info.resource.singular}${info.resource.group && `.${info.resource.group}`} "${info.name}" deleted${info.namespace && ` from ${info.namespace} namespace`}\n`,
          )
        return report(client.create(pathOf(info.resource, info.namespace), object, query), 'replaced')
      }
      const path = infoPath(info, flags.subresource || undefined)
      const answer = withSource('replacing', info.source, () => {
        const version = textAt(object, 'metadata', 'resourceVersion')
        if (version !== '') return client.update(path, object, query)
        const live = client.get(infoPath(info))
        return client.update(
          path,
          withAt(object, ['metadata', 'resourceVersion'], textAt(live, 'metadata', 'resourceVersion')),
          query,
        )
      })
      report(answer, 'replaced')
    })
    throwGathered(failures)
  },
})

function isApplied(object: unknown): boolean {
  return at(object, ...lastAppliedPath) !== undefined
}
