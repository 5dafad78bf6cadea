import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { controllerOf, isEqual } from '../../machinery/object.ts'
import { immutableError } from '../../machinery/validation.ts'
import type { ControllerRevision as Model } from '../generated/apps.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type ControllerRevision = Model

/** A remembered state of a StatefulSet or DaemonSet. Strategy: pkg/registry/apps/controllerrevision/strategy.go. */
export const ControllerRevision = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,

  validate({ data, revision }) {
    const errors: FieldError[] = []
    if (data === undefined || data === null) errors.push(required('data', 'data is mandatory'))
    checkNonNegative(errors, 'revision', revision)
    return errors
  },

  validateUpdate({ data }, old) {
    return isEqual(data, old.data) ? [] : [invalid('data', data, immutableError)]
  },

  columns: [
    nameColumn,
    { name: 'Controller', cell: controller },
    { name: 'Revision', cell: ({ revision }) => revision },
    ageColumn,
  ],
})

/** `statefulset.apps/db`. */
function controller(revision: ControllerRevision): string {
  const owner = controllerOf(revision)
  if (!owner) return '<none>'
  const [group] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : ['']
  return `${owner.kind.toLowerCase()}${group ? `.${group}` : ''}/${owner.name}`
}
