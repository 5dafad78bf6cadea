import { ingressClasses, ingresses } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const isDefault = 'ingressclass.kubernetes.io/is-default-class'
const legacyClass = 'kubernetes.io/ingress.class'

/** Ingresses without a class get the default one, if there is one (plugin/pkg/admission/network/defaultingressclass). */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],

  mutate(ingress, { list }) {
    if (!isOf(ingresses, ingress) || ingress.spec.ingressClassName !== undefined) return
    if (ingress.metadata.annotations?.[legacyClass] !== undefined) return
    const [newest] = list(ingressClasses)
      .filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')
      .sort((a, b) => (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1))
    if (newest) ingress.spec.ingressClassName = newest.metadata.name
  },
}
