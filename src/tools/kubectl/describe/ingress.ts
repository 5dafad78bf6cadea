import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { attempt } from '../../../machinery/status.ts'
import { at, mapAt, nameOf, namespaceOf, numberAt, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, type Describing, writeAnnotations, writeEvents, writeMap, writeMarks } from './sections.ts'
import { endpointsText, slicesOf } from './service.ts'

export const describeIngress: Describer = (page, ingress, describing) => {
  const { spec, status } = ingress
  const namespace = namespaceOf(ingress)
  page.line(0, `Name:\t${nameOf(ingress)}`)
  writeMap(page, 'Labels', mapAt(ingress, 'metadata', 'labels'))
  page.line(0, `Namespace:\t${namespace}`)
  const addresses = objectsAt(status, 'loadBalancer', 'ingress').map(
    each => textAt(each, 'ip') || textAt(each, 'hostname'),
  )
  page.line(0, `Address:\t${addresses.join(',')}`)
  page.line(0, `Ingress Class:\t${textAt(spec, 'ingressClassName') || '<none>'}`)
  const fallback = at(spec, 'defaultBackend')
  const fallbackText = isObject(fallback) ? backendText(fallback, namespace, describing) : '<default>'
  page.line(0, `Default backend:\t${fallbackText}`)
  const tls = objectsAt(spec, 'tls')
  if (tls.length > 0) page.line(0, 'TLS:')
  for (const entry of tls) {
    const [secret, hosts] = [textAt(entry, 'secretName'), textsAt(entry, 'hosts').join(',')]
    page.line(1, secret === '' ? `SNI routes ${hosts}` : `${secret} terminates ${hosts}`)
  }
  page.line(0, 'Rules:')
  page.line(1, 'Host\tPath\tBackends')
  page.line(1, '----\t----\t--------')
  const rules = objectsAt(spec, 'rules').filter(rule => isObject(rule.http))
  for (const rule of rules) {
    page.line(1, `${textAt(rule, 'host') || '*'}\t`)
    for (const path of objectsAt(rule, 'http', 'paths')) {
      page.line(2, `\t${textAt(path, 'path')} \t${backendText(at(path, 'backend'), namespace, describing)}`)
    }
  }
  if (rules.length === 0) page.line(1, `*\t*\t${fallbackText}`)
  writeAnnotations(page, 'Annotations', mapAt(ingress, 'metadata', 'annotations'))
  writeEvents(page, ingress, describing)
}

/** `web:80 (172.16.1.4:80)`: a backend with the endpoints behind it. */
function backendText(backend: unknown, namespace: string, describing: Describing): string {
  const service = at(backend, 'service')
  if (!isObject(service)) {
    const resource = at(backend, 'resource')
    return `APIGroup: ${textAt(resource, 'apiGroup') || '<none>'}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}`
  }
  const name = textAt(service, 'name')
  const [number, named] = [numberAt(service, 'port', 'number'), textAt(service, 'port', 'name')]
  const shown = `${name}:${named === '' ? number : named}`
  let live: JsonObject = {}
  const failure = attempt(() => {
    live = describing.client.get(`/api/v1/namespaces/${namespace}/services/${name}`)
  })
  if (failure) return `${shown} (<error: ${failure.message}>)`
  const port = objectsAt(live, 'spec', 'ports').find(each =>
    named === '' ? numberAt(each, 'port') === number : textAt(each, 'name') === named,
  )
  const endpoints = port ? endpointsText(slicesOf(namespace, name, describing), textAt(port, 'name')) : ''
  return `${shown} (${endpoints})`
}

export const describeIngressClass: Describer = (page, ingressClass, describing) => {
  page.line(0, `Name:\t${nameOf(ingressClass)}`)
  writeMarks(page, ingressClass)
  page.line(0, `Controller:\t${textAt(ingressClass, 'spec', 'controller')}`)
  const parameters = at(ingressClass, 'spec', 'parameters')
  if (isObject(parameters)) {
    page.line(0, 'Parameters:')
    for (const [title, member] of [
      ['APIGroup', 'apiGroup'],
      ['Kind', 'kind'],
      ['Name', 'name'],
    ] as const) {
      const text = textAt(parameters, member)
      if (text !== '') page.line(1, `${title}:\t${text}`)
    }
  }
  writeEvents(page, ingressClass, describing)
}
