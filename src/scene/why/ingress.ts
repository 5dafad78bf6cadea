import { Service } from '../../api/core/service.ts'
import { type Ingress, type IngressBackend, ingressClassAnnotation } from '../../api/networking/ingress.ts'
import { IngressClass } from '../../api/networking/ingressclass.ts'
import type { Explanation } from './explanation.ts'
import { serviceTrouble } from './service.ts'
import { warnings, type World } from './world.ts'

const isDefault = 'ingressclass.kubernetes.io/is-default-class'

/** Why requests through an Ingress do not arrive: nobody serves its class, or a rule leads to nothing. */
export function whyIngress(ingress: Ingress, world: World): readonly Explanation[] {
  const { metadata, spec } = ingress
  const found: Explanation[] = []
  const classless = whyClass(ingress, world)
  if (classless) found.push(classless)
  const backends = (spec.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/', backend }) => ({ where: `${host}${path}`, backend })),
  )
  if (spec.defaultBackend) backends.push({ where: 'defaultBackend', backend: spec.defaultBackend })
  for (const { where, backend } of backends) {
    const why = whyBackend(where, backend, metadata.namespace ?? 'default', world)
    if (why) found.push(why)
  }
  if (found.length > 0) return found
  const addresses = (ingress.status.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => ip || hostname)
  if (addresses.length === 0) {
    const text = {
      en: 'No controller has said yet where it is served.',
      ko: '아직 어떤 컨트롤러도 이 인그레스의 주소를 알리지 않았습니다.',
    }
    return [{ tone: 'busy', text, evidence: warnings(world, ingress, 2) }]
  }
  const text = {
    en: `All ${backends.length} routes lead to Services with ready Pods.`,
    ko: `경로 ${backends.length}개 모두 준비된 파드가 있는 서비스로 이어집니다.`,
  }
  return [{ tone: 'good', text, evidence: [{ source: 'status.loadBalancer', text: addresses.join(', ') }] }]
}

function whyClass({ metadata, spec }: Ingress, { list }: World): Explanation | undefined {
  const classes = list(IngressClass)
  const name = spec.ingressClassName ?? metadata.annotations?.[ingressClassAnnotation]
  const known = classes.map(each => each.metadata.name)
  const evidence = [{ source: 'IngressClass', text: known.join(', ') || '<none>' }]
  if (name === undefined) {
    if (classes.some(each => each.metadata.annotations?.[isDefault] === 'true')) return undefined
    const text = {
      en: 'It names no ingressClassName, and no class is the default: no controller serves it.',
      ko: 'ingressClassName이 없고 기본 클래스도 없어서 어떤 컨트롤러도 처리하지 않습니다.',
    }
    return { tone: 'warning', text, evidence }
  }
  if (known.includes(name)) return undefined
  const text = {
    en: `There is no IngressClass “${name}”: no controller serves it.`,
    ko: `IngressClass “${name}”이(가) 없어서 어떤 컨트롤러도 처리하지 않습니다.`,
  }
  return { tone: 'bad', text, evidence }
}

function whyBackend(where: string, backend: IngressBackend, namespace: string, world: World): Explanation | undefined {
  const { service } = backend
  if (!service) return undefined
  const found = world.find(Service, service.name, namespace)
  if (!found) {
    return {
      tone: 'bad',
      text: {
        en: `“${where}” leads to the Service “${service.name}”, which is not there.`,
        ko: `“${where}” 경로의 서비스 “${service.name}”이(가) 없습니다.`,
      },
      evidence: [{ source: 'spec.rules', text: `${where} → ${service.name}` }],
    }
  }
  const { name, number } = service.port ?? {}
  const ports = found.spec.ports ?? []
  if (!ports.some(port => (name ? port.name === name : port.port === number))) {
    const known = ports.map(port => `${port.name ? `${port.name} ` : ''}${port.port}`).join(', ')
    return {
      tone: 'bad',
      text: {
        en: `“${where}” leads to port ${name ?? number} of the Service “${service.name}”, which has ${known || 'none'}.`,
        ko: `“${where}” 경로는 서비스 “${service.name}”의 포트 ${name ?? number}(으)로 보내지만, 서비스의 포트는 ${known || '없음'}입니다.`,
      },
      evidence: [{ source: 'spec.ports', text: known }],
      cause: { resource: 'services', namespace, name: service.name },
    }
  }
  const trouble = serviceTrouble(service.name, namespace, world)
  if (!trouble) return undefined
  return {
    ...trouble,
    text: {
      en: `“${where}” leads to the Service “${service.name}”. ${trouble.text.en}`,
      ko: `“${where}” 경로의 서비스 “${service.name}”: ${trouble.text.ko}`,
    },
  }
}
