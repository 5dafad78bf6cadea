import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, numberAt, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, writeMarks, writeName } from './sections.ts'
import type { Page } from './page.ts'
import { selectorText } from './pod-template.ts'

export const describeNetworkPolicy: Describer = (page, policy) => {
  const { spec } = policy
  const created = textAt(policy, 'metadata', 'creationTimestamp')
  writeName(page, policy)
  page.line(0, `Created on:\t${created.replace('T', ' ').replace('Z', '')} +0000 UTC`)
  writeMarks(page, policy)
  page.line(0, 'Spec:')
  const selector = selectorText(at(spec, 'podSelector'))
  const all = '<none> (Allowing the specific traffic to all pods in this namespace)'
  page.line(1, `PodSelector:     ${selector === '<none>' ? all : selector}`)
  const types = textsAt(spec, 'policyTypes')
  const isEgress = types.length === 0 ? objectsAt(spec, 'egress').length > 0 : types.includes('Egress')
  const isIngress = types.length === 0 || types.includes('Ingress')
  page.line(1, isIngress ? 'Allowing ingress traffic:' : 'Not affecting ingress traffic')
  if (isIngress) writeRules(page, objectsAt(spec, 'ingress'), 'from', 'From', 'ingress', 'source')
  page.line(1, isEgress ? 'Allowing egress traffic:' : 'Not affecting egress traffic')
  if (isEgress) writeRules(page, objectsAt(spec, 'egress'), 'to', 'To', 'egress', 'destination')
  page.line(1, `Policy Types: ${types.join(', ') || '<none>'}`)
}

function writeRules(
  page: Page,
  rules: readonly JsonObject[],
  member: string,
  word: string,
  direction: string,
  other: string,
): void {
  if (rules.length === 0) return page.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`)
  for (const [index, rule] of rules.entries()) {
    const ports = objectsAt(rule, 'ports')
    if (ports.length === 0) page.line(2, 'To Port: <any> (traffic allowed to all ports)')
    for (const port of ports) {
      const [first, last] = [textAt(port, 'port'), numberAt(port, 'endPort')]
      const protocol = textAt(port, 'protocol')
      const number = first === '' ? '<any>' : first
      page.line(2, last > 0 ? `To Port Range: ${first}-${last}/${protocol}` : `To Port: ${number}/${protocol}`)
    }
    const peers = objectsAt(rule, member)
    if (peers.length === 0) page.line(2, `${word}: <any> (traffic not restricted by ${other})`)
    for (const peer of peers) {
      page.line(2, `${word}:`)
      writePeer(page, peer)
    }
    if (index < rules.length - 1) page.line(2, '----------')
  }
}

function writePeer(page: Page, { ipBlock, namespaceSelector, podSelector }: JsonObject): void {
  if (isObject(namespaceSelector)) page.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`)
  if (isObject(podSelector)) page.line(3, `PodSelector: ${selectorText(podSelector)}`)
  if (!isObject(ipBlock)) return
  page.line(3, 'IPBlock:')
  page.line(4, `CIDR: ${textAt(ipBlock, 'cidr')}`)
  page.line(4, `Except: ${textsAt(ipBlock, 'except').join(', ')}`)
}
