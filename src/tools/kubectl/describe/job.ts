import { humanDuration } from '../../../api/meta/age.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { parseTime } from '../../../machinery/time.ts'
import { at, numberAt, objectsAt, textAt, textOf } from '../unstructured.ts'
import { controlledBy, type Describer, longTime, titleBool, writeEvents, writeMarks, writeName } from './sections.ts'
import type { Page } from './page.ts'
import { selectorText, writePodTemplate } from './pod-template.ts'

export const describeJob: Describer = (page, job, describing) => {
  const { spec, status } = job
  writeName(page, job)
  page.line(0, `Selector:\t${selectorText(at(spec, 'selector'))}`)
  writeMarks(page, job)
  const owner = controlledBy(job)
  if (owner !== '') page.line(0, `Controlled By:\t${owner}`)
  const optional = (title: string, name: string, unit = ''): void => {
    const value = textOf(at(spec, name))
    if (value !== '') page.line(0, `${title}:\t${value}${unit}`)
  }
  optional('Parallelism', 'parallelism')
  page.line(0, `Completions:\t${textAt(spec, 'completions') || '<unset>'}`)
  optional('Completion Mode', 'completionMode')
  optional('Suspend', 'suspend')
  optional('Backoff Limit', 'backoffLimit')
  optional('TTL Seconds After Finished', 'ttlSecondsAfterFinished')
  writeTimes(page, job)
  optional('Active Deadline Seconds', 'activeDeadlineSeconds', 's')
  const [active, ready] = [numberAt(status, 'active'), at(status, 'ready')]
  const shown = ready === undefined ? `${active} Active` : `${active} Active (${textOf(ready)} Ready)`
  page.line(
    0,
    `Pods Statuses:\t${shown} / ${numberAt(status, 'succeeded')} Succeeded / ${numberAt(status, 'failed')} Failed`,
  )
  const indexes = textAt(status, 'completedIndexes')
  if (textAt(spec, 'completionMode') === 'Indexed')
    page.line(0, `Completed Indexes:\t${indexes === '' ? '<none>' : indexes}`)
  writePodTemplate(page, at(spec, 'template'))
  writeEvents(page, job, describing)
}

function writeTimes(page: Page, { status }: JsonObject): void {
  const [start, end] = [textAt(status, 'startTime'), textAt(status, 'completionTime')]
  if (start !== '') page.line(0, `Start Time:\t${longTime(start)}`)
  if (end !== '') page.line(0, `Completed At:\t${longTime(end)}`)
  if (start !== '' && end !== '') page.line(0, `Duration:\t${humanDuration(parseTime(end) - parseTime(start))}`)
}

export const describeCronJob: Describer = (page, cronJob, describing) => {
  const { spec, status } = cronJob
  const orUnset = (value: unknown, unit = ''): string => (textOf(value) === '' ? '<unset>' : `${textOf(value)}${unit}`)
  writeName(page, cronJob)
  writeMarks(page, cronJob)
  page.line(0, `Schedule:\t${textAt(spec, 'schedule')}`)
  page.line(0, `Concurrency Policy:\t${textAt(spec, 'concurrencyPolicy')}`)
  page.line(0, `Suspend:\t${titleBool(at(spec, 'suspend'))}`)
  page.line(0, `Time Zone:\t${orUnset(at(spec, 'timeZone'))}`)
  page.line(0, `Successful Job History Limit:\t${orUnset(at(spec, 'successfulJobsHistoryLimit'))}`)
  page.line(0, `Failed Job History Limit:\t${orUnset(at(spec, 'failedJobsHistoryLimit'))}`)
  page.line(0, `Starting Deadline Seconds:\t${orUnset(at(spec, 'startingDeadlineSeconds'), 's')}`)
  const job = at(spec, 'jobTemplate', 'spec')
  page.line(0, `Selector:\t${isObject(at(job, 'selector')) ? selectorText(at(job, 'selector')) : '<unset>'}`)
  page.line(0, `Parallelism:\t${orUnset(at(job, 'parallelism'))}`)
  page.line(0, `Completions:\t${orUnset(at(job, 'completions'))}`)
  const deadline = at(job, 'activeDeadlineSeconds')
  if (deadline !== undefined) page.line(0, `Active Deadline Seconds:\t${textOf(deadline)}s`)
  writePodTemplate(page, at(job, 'template'))
  const last = textAt(status, 'lastScheduleTime')
  page.line(0, `Last Schedule Time:\t${last === '' ? '<unset>' : longTime(last)}`)
  const active = objectsAt(status, 'active').map(reference => textAt(reference, 'name'))
  page.line(0, `Active Jobs:\t${active.length === 0 ? '<none>' : active.join(', ')}`)
  writeEvents(page, cronJob, describing)
}
