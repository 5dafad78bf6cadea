import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { drawingOf, idOf, relation } from '../contribution.ts'

/** The lines from a Service to its Pods: live ones take traffic. */
export const endpointSliceDrawing = drawingOf(EndpointSlice, slice => {
  const service = slice.metadata.labels?.['kubernetes.io/service-name']
  if (service === undefined) return { items: [], relations: [] }
  const from = idOf.service(slice.metadata.namespace ?? '', service)
  const relations = (slice.endpoints ?? []).flatMap(({ targetRef, conditions }) =>
    targetRef?.kind === 'Pod' && targetRef.uid
      ? [relation('selects', from, idOf.pod(targetRef.uid), conditions?.ready !== false)]
      : [],
  )
  return { items: [], relations }
})
