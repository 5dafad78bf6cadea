import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, mapAt, nameOf, numberAt, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, longTime, writeEvents, writeMap, writeMarks, writeName } from './sections.ts'
import type { Page } from './page.ts'
import { selectorText, writePodTemplate } from './pod-template.ts'
import { podCounts, podsOf } from './workload-pods.ts'

export const describeStatefulSet: Describer = (page, set, describing) => {
  const { spec, status } = set
  const selector = selectorText(at(spec, 'selector'))
  writeName(page, set)
  page.line(0, `CreationTimestamp:\t${longTime(textAt(set, 'metadata', 'creationTimestamp'))}`)
  page.line(0, `Selector:\t${selector}`)
  writeMarks(page, set)
  page.line(0, `Replicas:\t${numberAt(spec, 'replicas')} desired | ${numberAt(status, 'replicas')} total`)
  page.line(0, `Update Strategy:\t${textAt(spec, 'updateStrategy', 'type')}`)
  const rolling = at(spec, 'updateStrategy', 'rollingUpdate')
  if (isObject(rolling) && rolling.partition !== undefined) {
    page.line(1, `Partition:\t${numberAt(rolling, 'partition')}`)
    if (rolling.maxUnavailable !== undefined) page.line(1, `MaxUnavailable:\t${textAt(rolling, 'maxUnavailable')}`)
  }
  page.line(0, `Pods Status:\t${podCounts(podsOf(set, selector, describing))}`)
  writePodTemplate(page, at(spec, 'template'))
  writeClaims(page, objectsAt(spec, 'volumeClaimTemplates'))
  writeEvents(page, set, describing)
}

function writeClaims(page: Page, claims: readonly JsonObject[]): void {
  if (claims.length === 0) return page.line(0, 'Volume Claims:\t<none>')
  page.line(0, 'Volume Claims:')
  for (const claim of claims) {
    page.line(1, `Name:\t${nameOf(claim)}`)
    page.line(1, `StorageClass:\t${textAt(claim, 'spec', 'storageClassName')}`)
    writeMap(page, 'Labels', mapAt(claim, 'metadata', 'labels'), '  ')
    writeMap(page, 'Annotations', mapAt(claim, 'metadata', 'annotations'), '  ')
    page.line(1, `Capacity:\t${textAt(claim, 'spec', 'resources', 'requests', 'storage') || '<default>'}`)
    page.line(1, `Access Modes:\t[${textsAt(claim, 'spec', 'accessModes').join(' ')}]`)
  }
}
