import { compareQuantities, formatQuantity, type QuantityLike, toNumber } from '../../../machinery/quantity.ts'

/** The constraints of LimitRanges and what is said when one is not met (plugin/pkg/admission/limitranger). */

export type LimitType = 'Container' | 'Pod' | 'PersistentVolumeClaim'
export type Amounts = Readonly<Record<string, QuantityLike>>

export function minimum(
  type: LimitType,
  name: string,
  enforced: string,
  requests: Amounts,
  limits: Amounts | undefined,
): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${formatQuantity(enforced)}`
  const request = requests[name]
  const limit = limits?.[name]
  if (request === undefined) return `${rule}.  No request is specified`
  if (compareQuantities(request, enforced) < 0) return `${rule}, but request is ${formatQuantity(request)}`
  if (limit !== undefined && compareQuantities(limit, enforced) < 0)
    return `${rule}, but limit is ${formatQuantity(limit)}`
  return undefined
}

export function maximum(
  type: LimitType,
  name: string,
  enforced: string,
  requests: Amounts,
  limits: Amounts | undefined,
): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${formatQuantity(enforced)}`
  const request = requests[name]
  const limit = limits?.[name]
  const isOver = (amount: QuantityLike | undefined): amount is QuantityLike =>
    amount !== undefined && compareQuantities(amount, enforced) > 0
  if (!limits) {
    if (request === undefined) return `${rule}.  No request is specified`
    return isOver(request) ? `${rule}, but request is ${formatQuantity(request)}` : undefined
  }
  if (limit === undefined) return `${rule}.  No limit is specified`
  if (isOver(limit)) return `${rule}, but limit is ${formatQuantity(limit)}`
  return isOver(request) ? `${rule}, but request is ${formatQuantity(request)}` : undefined
}

export function ratio(
  type: LimitType,
  name: string,
  enforced: string,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${formatQuantity(enforced)}`
  const request = toNumber(requests[name] ?? 0)
  const limit = toNumber(limits[name] ?? 0)
  if (request === 0) return `${rule}, but no request is specified or request is 0`
  if (limit === 0) return `${rule}, but no limit is specified or limit is 0`
  const provided = limit / request
  return provided > toNumber(enforced) ? `${rule}, but provided ratio is ${provided.toFixed(6)}` : undefined
}
