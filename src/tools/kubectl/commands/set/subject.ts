import type { JsonObject } from '../../../../machinery/json-value.ts'
import type { Info } from '../../api/builder.ts'
import { type Context, defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { objectsAt, textAt } from '../../unstructured.ts'
import { setEach, setFlags, subjectsToSet } from './changing.ts'

const flags = {
  ...setFlags('subject'),
  group: flag.array('Groups to bind to the role'),
  serviceaccount: flag.array('Service accounts to bind to the role'),
  user: flag.array('Usernames to bind to the role'),
}

/** kubectl/pkg/cmd/set/set_subject.go. */
export const setSubject = defineCommand({
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  flags,
  run(context) {
    const infos = subjectsToSet(context, context.args)
    const subjects = subjectsIn(context, infos)
    setEach(context, infos, {
      done: 'subjects updated',
      failed: 'failed to patch subjects to rolebinding:',
      change: (object, info) => withSubjects(object, info, subjects),
    })
  },
})

const group = 'rbac.authorization.k8s.io'

function subjectsIn({ flags: given, namespace }: Context<typeof flags>, infos: readonly Info[]): readonly JsonObject[] {
  const { user: users, group: groups, serviceaccount: accounts } = given
  if (users.length + groups.length + accounts.length === 0) {
    throw new UsageError('you must specify at least one value of user, group or serviceaccount')
  }
  return [
    ...inOrder(users).map(name => ({ kind: 'User', apiGroup: group, name })),
    ...inOrder(groups).map(name => ({ kind: 'Group', apiGroup: group, name })),
    ...inOrder(accounts).map(text => {
      const [place = '', name = '', more] = text.split(':')
      if (name === '' || more !== undefined) throw new UsageError('serviceaccount must be <namespace>:<name>')
      if (place === '' && infos.some(({ resource }) => resource.kind === 'ClusterRoleBinding')) {
        throw new UsageError('serviceaccount must be <namespace>:<name>, namespace must be specified')
      }
      return { kind: 'ServiceAccount', namespace: place || namespace, name }
    }),
  ]
}

const inOrder = (names: readonly string[]): string[] => [...new Set(names)].sort()

function withSubjects(object: JsonObject, { resource }: Info, subjects: readonly JsonObject[]): JsonObject | undefined {
  if (resource.kind !== 'RoleBinding' && resource.kind !== 'ClusterRoleBinding') {
    throw new UsageError('setting subjects is only supported for RoleBinding/ClusterRoleBinding')
  }
  const before = objectsAt(object, 'subjects')
  const isSame = (a: JsonObject, b: JsonObject): boolean =>
    ['kind', 'apiGroup', 'name', 'namespace'].every(field => textAt(a, field) === textAt(b, field))
  const added = subjects.filter(subject => !before.some(known => isSame(known, subject)))
  return added.length === 0 ? undefined : { ...object, subjects: [...before, ...added] }
}
