/** A parameter of an operation, before it is written in one of the two forms. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly type: 'string' | 'integer' | 'boolean'
  readonly description: string
}

const query = (name: string, type: Parameter['type'], description: string): Parameter => ({
  name,
  in: 'query',
  type,
  description,
})

const path = (name: string, description: string): Parameter => ({ name, in: 'path', type: 'string', description })

export const namespace = path('namespace', 'object name and auth scope, such as for teams and projects')
export const nameOf = (kind: string): Parameter => path('name', `name of the ${kind}`)
export const restOfPath = path('path', 'path to the resource')
export const pretty = query('pretty', 'string', 'Whether the answer is written for people to read.')

const dryRun = query('dryRun', 'string', 'With All, every stage is passed but nothing is stored.')
const fieldManager = query('fieldManager', 'string', 'Who makes the change, as managedFields will tell it.')
const fieldValidation = query(
  'fieldValidation',
  'string',
  'What becomes of unknown and duplicate fields: Ignore drops them, Warn drops them and warns, Strict refuses the request.',
)
const force = query('force', 'boolean', 'Takes over fields that others own. For apply patches only.')

/** metav1.ListOptions without those that only watches have. */
const selecting: readonly Parameter[] = [
  query('continue', 'string', 'The token of the list before, of which this is to be the next part.'),
  query('fieldSelector', 'string', 'Restricts the objects by their fields.'),
  query('labelSelector', 'string', 'Restricts the objects by their labels.'),
  query('limit', 'integer', 'How many objects the answer may have.'),
  query('resourceVersion', 'string', 'From which resource versions the request may be served.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion is applied to a list: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'Whether a watch begins with events of what is there, ended by a bookmark.'),
  query('timeoutSeconds', 'integer', 'After how many seconds the call ends.'),
]

export const listing: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'Whether a watch may send events of type BOOKMARK.'),
  ...selecting,
  query('watch', 'boolean', 'Whether changes are to follow as a stream of events.'),
]

export const creating: readonly Parameter[] = [dryRun, fieldManager, fieldValidation]

export const patching: readonly Parameter[] = [dryRun, fieldManager, fieldValidation, force]

export const deleting: readonly Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'How many seconds the object has before it is deleted.'),
  query(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'boolean',
    'Whether an object that cannot be read from the store is deleted all the same.',
  ),
  query('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.'),
  query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
]

export const deletingCollection: readonly Parameter[] = [...deleting, ...selecting]

const container = query('container', 'string', 'The container in question, if the Pod has several.')
const streams: readonly Parameter[] = [
  container,
  query('stderr', 'boolean', 'Whether standard error is passed on.'),
  query('stdin', 'boolean', 'Whether standard input is passed on.'),
  query('stdout', 'boolean', 'Whether standard output is passed on.'),
  query('tty', 'boolean', 'Whether a terminal is given.'),
]
const proxied: readonly Parameter[] = [query('path', 'string', 'The part of the path that is passed on.')]

/** Parameters that a subresource has instead of those of its verbs (PodLogOptions, PodExecOptions and others). */
export const ofSubresource: Readonly<Record<string, readonly Parameter[]>> = {
  'pods/attach': streams,
  'pods/exec': [query('command', 'string', 'What is run, one parameter for each word.'), ...streams],
  'pods/log': [
    container,
    query('follow', 'boolean', 'Whether the log is followed.'),
    query('limitBytes', 'integer', 'How many bytes are read at most.'),
    query('previous', 'boolean', 'Whether the log is that of the container before the last restart.'),
    query('sinceSeconds', 'integer', 'How many seconds back the log begins.'),
    query('tailLines', 'integer', 'How many lines from the end are shown.'),
    query('timestamps', 'boolean', 'Whether each line begins with its time.'),
  ],
  'pods/portforward': [query('ports', 'integer', 'Ports to forward.')],
  'nodes/proxy': proxied,
  'pods/proxy': proxied,
  'services/proxy': proxied,
}
