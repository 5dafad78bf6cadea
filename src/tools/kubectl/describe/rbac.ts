import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { nameOf, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, writeMarks } from './sections.ts'

export const describeRole: Describer = (page, role) => {
  page.line(0, `Name:\t${nameOf(role)}`)
  writeMarks(page, role)
  page.line(0, 'PolicyRule:')
  page.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs')
  page.line(1, '---------\t-----------------\t--------------\t-----')
  for (const { key, cells } of compactRules(objectsAt(role, 'rules'))) page.line(1, [key, ...cells].join('\t'))
}

interface Row {
  readonly key: string
  readonly cells: readonly string[]
}

/** One line a resource; rules of the same resource and names are put together. Sorted as Go prints PolicyRules: verbs first. */
function compactRules(rules: readonly JsonObject[]): readonly Row[] {
  const broken = rules.flatMap(breakdown)
  const compact = new Map<string, { row: Omit<Row, 'cells'>; verbs: string[]; urls: string; names: string }>()
  for (const { key, urls, names, verbs } of broken) {
    const id = `${key} ${urls} ${names}`
    const known = compact.get(id)
    if (known) known.verbs.push(...verbs.filter(verb => !known.verbs.includes(verb)))
    else compact.set(id, { row: { key }, verbs: [...verbs], urls, names })
  }
  const list = [...compact.values()].map(({ row, verbs, urls, names }) => ({
    key: row.key,
    cells: [urls, names, `[${verbs.join(' ')}]`],
    order: `[${verbs.join(' ')}],[${groupOf(row.key)}],[${resourceOf(row.key)}],${names},${urls}`,
  }))
  return list.sort((a, b) => compareBytes(a.order, b.order))
}

function groupOf(key: string): string {
  return (key.split('/')[0] ?? '').split('.').slice(1).join('.')
}

function resourceOf(key: string): string {
  const [name = '', ...rest] = key.split('/')
  return [name.split('.')[0], ...rest].join('/')
}

function breakdown(rule: JsonObject) {
  const verbs = textsAt(rule, 'verbs')
  const names = textsAt(rule, 'resourceNames')
  const resources = textsAt(rule, 'apiGroups').flatMap(group =>
    textsAt(rule, 'resources').map(resource => {
      const [name = '', subresource] = resource.split('/')
      const qualified = group === '' ? name : `${name}.${group}`
      return subresource === undefined ? qualified : `${qualified}/${subresource}`
    }),
  )
  const perName = (key: string) =>
    names.length === 0
      ? [{ key, urls: '[]', names: '[]', verbs }]
      : names.map(name => ({ key, urls: '[]', names: `[${name}]`, verbs }))
  const urls = textsAt(rule, 'nonResourceURLs').map(url => ({ key: '', urls: `[${url}]`, names: '[]', verbs }))
  return [...resources.flatMap(perName), ...urls]
}

export const describeRoleBinding: Describer = (page, binding) => {
  page.line(0, `Name:\t${nameOf(binding)}`)
  writeMarks(page, binding)
  page.line(0, 'Role:')
  page.line(1, `Kind:\t${textAt(binding, 'roleRef', 'kind')}`)
  page.line(1, `Name:\t${textAt(binding, 'roleRef', 'name')}`)
  page.line(0, 'Subjects:')
  page.line(1, 'Kind\tName\tNamespace')
  page.line(1, '----\t----\t---------')
  for (const subject of objectsAt(binding, 'subjects')) {
    page.line(1, ['kind', 'name', 'namespace'].map(member => textAt(subject, member)).join('\t'))
  }
}
