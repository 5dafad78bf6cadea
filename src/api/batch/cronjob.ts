import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isDns1123Label, isDns1123Subdomain, maxLengthError } from '../../machinery/validation.ts'
import { containerImages, containerNames, defaultPodTemplate } from '../core/podtemplate.ts'
import { nameWarning, templateWarnings } from '../core/podwarnings.ts'
import type { CronJob as Model, CronJobSpec } from '../generated/batch.v1.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { since } from '../meta/age.ts'
import { checkNonNegative, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { parseCron } from './cronschedule.ts'
import { isTimeZone } from './timezone.ts'
import { checkJobSpec } from './jobvalidation.ts'

export type CronJob = Model

/** Names of Jobs are the CronJob's with 11 characters of a time behind. */
const maxNameLength = 63 - 11

/** Strategy: pkg/registry/batch/cronjob/strategy.go. */
export const CronJob = defineKind<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  validateName: name =>
    name.length > maxNameLength && isDns1123Subdomain(name).length === 0
      ? [maxLengthError(maxNameLength)]
      : isDns1123Subdomain(name),

  defaults({ spec }) {
    spec.concurrencyPolicy ||= 'Allow'
    spec.suspend ??= false
    spec.successfulJobsHistoryLimit ??= 3
    spec.failedJobsHistoryLimit ??= 1
    const { jobTemplate } = spec
    // The Job's own defaults wait until there is a Job.
    if (jobTemplate.spec) jobTemplate.spec.template = defaultPodTemplate(jobTemplate.spec.template)
  },

  prepareForCreate(draft) {
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkSpec(spec),

  warnings({ metadata: { name }, spec }, old) {
    if (spec === old?.spec) return []
    const template = spec.jobTemplate.spec?.template
    const ofTemplate = template ? templateWarnings('spec.jobTemplate.spec.template', template) : []
    return [...nameWarning('Pod names and hostnames', old ? [] : isDns1123Label(name)), ...ofTemplate]
  },

  columns: [
    nameColumn,
    { name: 'Schedule', cell: ({ spec }) => spec.schedule },
    { name: 'Timezone', cell: ({ spec }) => spec.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'boolean', cell: ({ spec }) => (spec.suspend ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: ({ status }) => status.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      cell: ({ status }, now) => (status.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>'),
    },
    ageColumn,
    { name: 'Containers', wide: true, cell: ({ spec }) => containerNames(spec.jobTemplate.spec?.template) },
    { name: 'Images', wide: true, cell: ({ spec }) => containerImages(spec.jobTemplate.spec?.template) },
    { name: 'Selector', wide: true, cell: ({ spec }) => formatLabelSelector(spec.jobTemplate.spec?.selector) },
  ],
})

function checkSpec(spec: CronJobSpec): FieldError[] {
  const errors: FieldError[] = []
  checkSchedule(errors, spec)
  checkNonNegative(errors, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds)
  if (!spec.concurrencyPolicy) errors.push(required('spec.concurrencyPolicy'))
  checkSupported(errors, 'spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'])
  if (spec.jobTemplate.spec) checkJobSpec(errors, 'spec.jobTemplate.spec', spec.jobTemplate.spec)
  checkNonNegative(errors, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit)
  checkNonNegative(errors, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit)
  return errors
}

function checkSchedule(errors: FieldError[], { schedule, timeZone }: CronJobSpec): void {
  const path = 'spec.schedule'
  if (!schedule) errors.push(required(path))
  else if (schedule.includes('TZ')) {
    const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    errors.push(invalid(path, schedule, detail))
  } else {
    const { error } = parseCron(schedule)
    if (error !== undefined) errors.push(invalid(path, schedule, error))
  }
  if (timeZone === undefined) return
  if (timeZone === '') errors.push(invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string'))
  else if (!isTimeZone(timeZone)) errors.push(invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`))
}
