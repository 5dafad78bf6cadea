import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, numberAt, objectsAt, textAt, textOf } from '../unstructured.ts'
import { type Describer, longTime, writeEvents, writeMarks, writeName } from './sections.ts'
import type { Page } from './page.ts'

export const describeHpa: Describer = (page, hpa, describing) => {
  const { spec, status } = hpa
  const target = at(spec, 'scaleTargetRef')
  writeName(page, hpa)
  writeMarks(page, hpa)
  page.line(0, `CreationTimestamp:\t${longTime(textAt(hpa, 'metadata', 'creationTimestamp'))}`)
  page.line(0, `Reference:\t${textAt(target, 'kind')}/${textAt(target, 'name')}`)
  page.line(0, 'Metrics:\t( current / target )')
  const current = objectsAt(status, 'currentMetrics')
  for (const [index, metric] of objectsAt(spec, 'metrics').entries()) writeMetric(page, metric, current[index])
  page.line(0, `Min replicas:\t${textAt(spec, 'minReplicas') || '<unset>'}`)
  page.line(0, `Max replicas:\t${numberAt(spec, 'maxReplicas')}`)
  const behavior = at(spec, 'behavior')
  if (isObject(behavior)) {
    // The policies' columns are no columns of the page.
    page.line(0, 'Behavior:')
    writeDirection(page, 'Scale Up', behavior.scaleUp)
    writeDirection(page, 'Scale Down', behavior.scaleDown)
  }
  const [now, wanted] = [numberAt(status, 'currentReplicas'), numberAt(status, 'desiredReplicas')]
  page.line(0, `${textAt(target, 'kind')} pods:\t${now} current / ${wanted} desired`)
  const conditions = objectsAt(status, 'conditions')
  if (conditions.length > 0) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type\tStatus\tReason\tMessage')
    page.line(1, '----\t------\t------\t-------')
  }
  for (const condition of conditions) {
    page.line(1, ['type', 'status', 'reason', 'message'].map(member => textAt(condition, member)).join('\t'))
  }
  writeEvents(page, hpa, describing)
}

function writeMetric(page: Page, metric: JsonObject, current: JsonObject | undefined): void {
  const type = textAt(metric, 'type')
  const source = at(metric, type.charAt(0).toLowerCase() + type.slice(1))
  const reading = at(current, type.charAt(0).toLowerCase() + type.slice(1), 'current')
  const share = at(source, 'target', 'averageUtilization')
  const value = textAt(source, 'target', 'averageValue') || textAt(source, 'target', 'value')
  if (type === 'Resource') {
    const title = `resource ${textAt(source, 'name')} on pods`
    if (share === undefined)
      return page.line(1, `${title}:\t${textAt(reading, 'averageValue') || '<unknown>'} / ${value}`)
    const known = at(reading, 'averageUtilization')
    const shown = known === undefined ? '<unknown>' : `${textOf(known)}% (${textAt(reading, 'averageValue')})`
    return page.line(1, `${title}  (as a percentage of request):\t${shown} / ${textOf(share)}%`)
  }
  const name = JSON.stringify(textAt(source, 'metric', 'name'))
  const known = textAt(reading, 'averageValue') || textAt(reading, 'value') || '<unknown>'
  page.line(
    1,
    `${name} on ${type === 'Pods' ? 'pods' : textAt(source, 'describedObject', 'kind') || 'external'}:\t${known} / ${value}`,
  )
}

function writeDirection(page: Page, title: string, rules: unknown): void {
  if (!isObject(rules)) return
  page.line(1, `${title}:`)
  if (rules.stabilizationWindowSeconds !== undefined) {
    page.line(2, `Stabilization Window: ${textOf(rules.stabilizationWindowSeconds)} seconds`)
  }
  const policies = objectsAt(rules, 'policies')
  if (policies.length === 0) return
  page.line(2, `Select Policy: ${textAt(rules, 'selectPolicy') || 'Max'}`)
  page.line(2, 'Policies:')
  for (const policy of policies) {
    page.line(
      3,
      `- Type: ${textAt(policy, 'type')}\tValue: ${numberAt(policy, 'value')}\tPeriod: ${numberAt(policy, 'periodSeconds')} seconds`,
    )
  }
}
