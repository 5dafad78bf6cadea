import type { JsonObject } from '../../../machinery/json-value.ts'
import { formatLabelSelector } from '../../../machinery/labels.ts'
import { at, fields, mapAt, numberAt, objectsAt, textAt } from '../unstructured.ts'
import { tolerationLines, writeAnnotations, writeList, writeMap } from './sections.ts'
import { writeContainers } from './containers.ts'
import type { Page } from './page.ts'
import { writeVolumes } from './volumes.ts'

export function writePodTemplate(page: Page, template: unknown): void {
  page.line(0, 'Pod Template:')
  const spec = at(template, 'spec')
  writeMap(page, '  Labels', mapAt(template, 'metadata', 'labels'))
  const annotations = mapAt(template, 'metadata', 'annotations')
  if (Object.keys(annotations).length > 0) writeAnnotations(page, '  Annotations', annotations)
  const account = textAt(spec, 'serviceAccountName')
  if (account !== '') page.line(1, `Service Account:\t${account}`)
  const first = objectsAt(spec, 'initContainers')
  if (first.length > 0) writeContainers(page, 'Init Containers', first, { space: '  ' })
  writeContainers(page, 'Containers', objectsAt(spec, 'containers'), { space: '  ' })
  writeVolumes(page, objectsAt(spec, 'volumes'), '  ')
  writeSpread(page, spec, '  ')
  const priority = textAt(spec, 'priorityClassName')
  if (priority !== '') page.line(1, `Priority Class Name:\t${priority}`)
  writeMap(page, '  Node-Selectors', mapAt(spec, 'nodeSelector'))
  writeList(page, '  Tolerations', tolerationLines(objectsAt(spec, 'tolerations')))
}

export function writeSpread(page: Page, spec: unknown, space: string): void {
  const constraints = [...objectsAt(spec, 'topologySpreadConstraints')].sort((a, b) =>
    textAt(a, 'topologyKey') < textAt(b, 'topologyKey') ? -1 : 1,
  )
  if (constraints.length === 0) return
  const lines = constraints.map(constraint => {
    const when = `${textAt(constraint, 'topologyKey')}:${textAt(constraint, 'whenUnsatisfiable')}`
    const selector =
      constraint.labelSelector === undefined ? '' : ` for selector ${selectorText(constraint.labelSelector)}`
    return `${when} when max skew ${numberAt(constraint, 'maxSkew')} is exceeded${selector}`
  })
  writeList(page, 'Topology Spread Constraints', lines, space)
}

/** A label selector as text; `<none>` when it selects nothing. */
export function selectorText(selector: unknown): string {
  if (selector === undefined || selector === null) return '<none>'
  const expressions = objectsAt(selector, 'matchExpressions').map(expression => ({
    key: textAt(expression, 'key'),
    operator: textAt(expression, 'operator'),
    values: valuesOf(expression),
  }))
  const text = formatLabelSelector({ matchLabels: mapAt(selector, 'matchLabels'), matchExpressions: expressions })
  return text === '' ? '<none>' : text
}

function valuesOf(expression: JsonObject): string[] {
  const { values } = fields(expression)
  return Array.isArray(values) ? values.map(String) : []
}
