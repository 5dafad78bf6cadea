import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { at, fields, nameOf, namespaceOf, objectsAt, textAt, textOf, textsAt } from '../unstructured.ts'
import { type Describer, sortedEntries, writeMarks } from './sections.ts'
import type { Page } from './page.ts'

export const describeQuota: Describer = (page, quota) => {
  page.line(0, `Name:\t${nameOf(quota)}`)
  page.line(0, `Namespace:\t${namespaceOf(quota)}`)
  writeScopes(page, quota)
  page.line(0, 'Resource\tUsed\tHard')
  page.line(0, '--------\t----\t----')
  writeUse(page, quota, '')
}

function writeScopes(page: Page, quota: JsonObject): void {
  const scopes = [...textsAt(quota, 'spec', 'scopes')].sort(compareBytes)
  if (scopes.length > 0) page.line(0, `Scopes:\t${scopes.join(', ')}`)
}

function writeUse(page: Page, quota: JsonObject, indent: string): void {
  for (const [name, hard] of sortedEntries(at(quota, 'status', 'hard'))) {
    page.line(0, `${indent}${name}\t${textAt(quota, 'status', 'used', name) || '0'}\t${hard}`)
  }
}

const limitHead = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']

export const describeLimitRange: Describer = (page, range) => {
  page.line(0, `Name:\t${nameOf(range)}`)
  page.line(0, `Namespace:\t${namespaceOf(range)}`)
  writeLimits(page, [range], '')
}

function writeLimits(page: Page, ranges: readonly JsonObject[], indent: string): void {
  page.line(0, indent + limitHead.join('\t'))
  page.line(0, indent + limitHead.map(title => '-'.repeat(title.length)).join('\t'))
  for (const range of ranges) {
    for (const limit of objectsAt(range, 'spec', 'limits')) {
      const members = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio']
      const names = new Set(members.flatMap(member => Object.keys(fields(limit[member]))))
      for (const name of [...names].sort(compareBytes)) {
        const cells = members.map(member => textOf(fields(limit[member])[name]) || '-')
        page.line(0, `${indent}${textAt(limit, 'type')}\t${name}\t${cells.join('\t')}`)
      }
    }
  }
}

export const describeNamespace: Describer = (page, namespace, { client }) => {
  const name = nameOf(namespace)
  page.line(0, `Name:\t${name}`)
  writeMarks(page, namespace)
  page.line(0, `Status:\t${textAt(namespace, 'status', 'phase')}`)
  const conditions = objectsAt(namespace, 'status', 'conditions')
  if (conditions.length > 0) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    page.line(1, '----\t------\t------------------\t------\t-------')
  }
  for (const condition of conditions) {
    const cells = ['type', 'status', 'lastTransitionTime', 'reason', 'message'].map(member => textAt(condition, member))
    page.line(1, cells.join('\t'))
  }
  const quotas = objectsAt(client.get(`/api/v1/namespaces/${name}/resourcequotas`, { query: { limit: 500 } }), 'items')
  page.put('\n')
  page.line(0, quotas.length === 0 ? 'No resource quota.' : 'Resource Quotas')
  for (const quota of quotas) {
    page.line(1, `Name:\t${nameOf(quota)}`)
    page.line(1, 'Resource\tUsed\tHard')
    page.line(1, '--------\t---\t---')
    writeUse(page, quota, '  ')
  }
  const ranges = objectsAt(client.get(`/api/v1/namespaces/${name}/limitranges`, { query: { limit: 500 } }), 'items')
  page.put('\n')
  if (ranges.length === 0) return page.line(0, 'No LimitRange resource.')
  page.line(0, 'Resource Limits')
  writeLimits(page, ranges, ' ')
}
