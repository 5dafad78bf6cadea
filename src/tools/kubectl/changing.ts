import { gather, manifestInfo, subjectsOf, type Selection, visit, type Visited } from './api/builder.ts'
import { type Context, selectionOf } from './command.ts'
import { PlainError } from './errors.ts'

/** The live objects that a command line names, for verbs that read, change and write: rollout, set, label, patch, cordon. */
export function liveSubjects(context: Context, more: Partial<Selection> = {}): Visited {
  const selection = selectionOf(context, more)
  const subjects = subjectsOf(context.host, context.mapper, selection)
  if (context.flags.local !== true) return visit(context.client, context.mapper, subjects, selection)
  // With --local the server is not asked: the objects are those of the files.
  if (subjects.sort !== 'files') throw localNeedsFiles()
  const { results, failures } = gather(subjects.manifests, manifest =>
    manifestInfo(context.mapper(), manifest, selection),
  )
  return { infos: results, failures }
}

function localNeedsFiles(): PlainError {
  return new PlainError(
    [
      'error: you must specify resources by --filename when --local is set.',
      'Example resource specifications include:',
      "   '-f rsrc.yaml'",
      "   '--filename=rsrc.json'",
    ].join('\n'),
  )
}
