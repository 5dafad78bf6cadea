import { flag } from './flags.ts'

// Flags that many verbs share (cmdutil.AddFilenameOptionFlags and its neighbours).

export const fileFlags = {
  filename: flag.list('Filename, directory, or URL to files identifying the resource.', { short: 'f' }),
  kustomize: flag.text("Process the kustomization directory. This flag can't be used together with -f or -R.", {
    short: 'k',
  }),
  recursive: flag.bool(
    'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    { short: 'R' },
  ),
}

export const selectorFlag = {
  selector: flag.text(
    "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.",
    { short: 'l' },
  ),
}

export const fieldSelectorFlag = {
  'field-selector': flag.text(
    "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
  ),
}

export const allNamespacesFlag = {
  'all-namespaces': flag.bool(
    'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
    { short: 'A' },
  ),
}

export const chunkFlag = {
  'chunk-size': flag.int(
    'Return large lists in chunks rather than all at once. Pass 0 to disable. This flag is beta and may change in the future.',
    { default: 500 },
  ),
}

export const dryRunFlag = {
  'dry-run': flag.text(
    'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
    { default: 'none', bare: 'unchanged' },
  ),
}

export const fieldManagerFlag = (manager: string) => ({
  'field-manager': flag.text('Name of the manager used to track field ownership.', { default: manager }),
})

export const recordFlag = {
  record: flag.bool(
    'Record current kubectl command in the resource annotation. If set to false, do not record the command. If set to true, record the command. If not set, default to updating the existing annotation value only if one already exists.',
    { deprecated: '--record will be removed in the future' },
  ),
}

export const validateFlag = {
  validate: flag.text('Must be one of: strict (or true), warn, ignore (or false).', {
    default: 'strict',
    bare: 'strict',
  }),
}
