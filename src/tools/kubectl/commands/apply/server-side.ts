import type { JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { type Info, infoPath } from '../../api/builder.ts'
import { UsageError } from '../../errors.ts'
import { at, withAt } from '../../unstructured.ts'
import { lastAppliedPath, writeQuery } from '../../writing.ts'
import type { ApplyContext } from './flags.ts'
import { handOver } from './hand-over.ts'

/** `apply --server-side`: the manifest itself is sent, and the server merges by field managers. */
export function applyOnServer(
  context: ApplyContext,
  info: Info,
  tell: (object: JsonObject, what: string) => void,
): Info {
  const { client, flags, isSet } = context
  const manager = isSet('field-manager') ? flags['field-manager'] : 'kubectl'
  const query = { ...writeQuery(context, manager), force: flags['force-conflicts'] }
  const manifest =
    at(info.object, ...lastAppliedPath) === undefined
      ? info.object
      : withAt(info.object ?? {}, lastAppliedPath, undefined)
  const send = (): JsonObject => client.patch(infoPath(info), 'apply', JSON.stringify(manifest), query)
  const object = handOver(context, info, sent(send), manager, send)
  tell(object, 'serverside-applied')
  return { ...info, object }
}

function sent(send: () => JsonObject): JsonObject {
  try {
    return send()
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Conflict') throw conflictOf(error)
    throw error
  }
}

/** What to do about fields that others own. */
function conflictOf({ message }: ApiError): UsageError {
  return new UsageError(
    [
      message,
      'Please review the fields above--they currently have other managers. Here',
      'are the ways you can resolve this warning:',
      '* If you intend to manage all of these fields, please re-run the apply',
      '  command with the `--force-conflicts` flag.',
      '* If you do not intend to manage all of the fields, please edit your',
      '  manifest to remove references to the fields that should keep their',
      '  current managers.',
      '* You may co-own fields by updating your manifest to match the existing',
      "  value; in this case, you'll become the manager if the other manager(s)",
      '  stop managing the field (remove it from their configuration).',
      'See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
    ].join('\n'),
  )
}
