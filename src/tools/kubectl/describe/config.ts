import { compareBytes } from '../../../machinery/go-text.ts'
import { at, fields, mapAt, nameOf, namespaceOf, objectsAt, textAt, textOf } from '../unstructured.ts'
import { bytesOfBase64 } from '../../../machinery/base64.ts'
import { selectorText } from './pod-template.ts'
import { type Describer, orNone, writeEvents, writeMarks, writeName } from './sections.ts'

const sorted = (map: unknown): readonly string[] => Object.keys(fields(map)).sort(compareBytes)

export const describeConfigMap: Describer = (page, configMap, describing) => {
  writeName(page, configMap)
  writeMarks(page, configMap)
  const [data, binary] = [mapAt(configMap, 'data'), mapAt(configMap, 'binaryData')]
  page.put('\nData\n====\n')
  for (const key of sorted(data)) page.put(`${key}:\n----\n${data[key] ?? ''}\n\n`)
  page.put('\nBinaryData\n====\n')
  for (const key of sorted(binary)) page.put(`${key}: ${bytesOfBase64(binary[key] ?? '').length} bytes\n`)
  page.put('\n')
  writeEvents(page, configMap, describing)
}

export const describeSecret: Describer = (page, secret) => {
  writeName(page, secret)
  writeMarks(page, secret)
  page.put(`\nType:\t${textAt(secret, 'type')}\n`)
  page.put('\nData\n====\n')
  const data = mapAt(secret, 'data')
  for (const key of sorted(data)) {
    const text = data[key] ?? ''
    const isToken = textAt(secret, 'type') === 'kubernetes.io/service-account-token' && key === 'token'
    page.line(0, isToken ? `${key}:\t${text}` : `${key}:\t${bytesOfBase64(text).length} bytes`)
  }
}

export const describeServiceAccount: Describer = (page, account, describing) => {
  writeName(page, account)
  writeMarks(page, account)
  const write = (title: string, names: readonly string[]): void => {
    page.line(0, `${title}:\t${orNone(names[0] ?? '')}`)
    for (const name of names.slice(1)) page.line(0, `\t${name}`)
  }
  const names = (member: string): readonly string[] =>
    objectsAt(account, member).map(reference => textAt(reference, 'name'))
  write('Image pull secrets', names('imagePullSecrets'))
  if (names('secrets').length > 0) write('Mountable secrets', names('secrets'))
  writeEvents(page, account, describing)
}

export const describePriorityClass: Describer = (page, priority, describing) => {
  page.line(0, `Name:\t${nameOf(priority)}`)
  page.line(0, `Value:\t${textAt(priority, 'value')}`)
  page.line(0, `GlobalDefault:\t${priority.globalDefault === true}`)
  page.line(0, `PreemptionPolicy:\t${textAt(priority, 'preemptionPolicy')}`)
  page.line(0, `Description:\t${textAt(priority, 'description')}`)
  page.line(0, `Annotations:\t${labelsText(mapAt(priority, 'metadata', 'annotations'))}`)
  writeEvents(page, priority, describing)
}

/** `a=b,c=d`, or `<none>`: labels.FormatLabels of whatever a map holds. */
export function labelsText(map: Readonly<Record<string, string>>): string {
  return orNone(
    sorted(map)
      .map(key => `${key}=${map[key]}`)
      .join(','),
  )
}

export const describePdb: Describer = (page, budget, describing) => {
  const { spec, status } = budget
  page.line(0, `Name:\t${nameOf(budget)}`)
  page.line(0, `Namespace:\t${namespaceOf(budget)}`)
  if (at(spec, 'minAvailable') !== undefined) page.line(0, `Min available:\t${textAt(spec, 'minAvailable')}`)
  else if (at(spec, 'maxUnavailable') !== undefined) page.line(0, `Max unavailable:\t${textAt(spec, 'maxUnavailable')}`)
  page.line(0, `Selector:\t${selectorText(at(spec, 'selector'))}`)
  page.line(0, 'Status:')
  for (const [title, member] of [
    ['Allowed disruptions', 'disruptionsAllowed'],
    ['Current', 'currentHealthy'],
    ['Desired', 'desiredHealthy'],
    ['Total', 'expectedPods'],
  ] as const) {
    page.line(2, `${title}:\t${textOf(at(status, member)) || '0'}`)
  }
  writeEvents(page, budget, describing)
}
