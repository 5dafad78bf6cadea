import { child, type FieldError, forbidden, index, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { isDns1035Label } from '../../machinery/validation.ts'
import type { CustomResourceConversion } from '../generated/apiextensions.v1.ts'

const strategies = ['None', 'Webhook']
const understood = ['v1', 'v1beta1']

/** How versions become one another: validateCustomResourceConversion. Fields have the names of upstream's internal version. */
export function conversionErrors(path: string, conversion: CustomResourceConversion | undefined): FieldError[] {
  if (!conversion) return []
  const { strategy, webhook } = conversion
  const errors: FieldError[] = []
  if (!strategy) errors.push(required(child(path, 'strategy')))
  else if (!strategies.includes(strategy)) {
    errors.push(notSupported(child(path, 'strategy'), strategy, strategies))
  }
  const client = child(path, 'webhookClientConfig')
  const versions = webhook?.conversionReviewVersions ?? []
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook'
    if (webhook?.clientConfig) errors.push(forbidden(client, why))
    if (versions.length > 0) errors.push(forbidden(child(path, 'conversionReviewVersions'), why))
    return errors
  }
  const config = webhook?.clientConfig
  if (!config) errors.push(required(client, 'required when strategy is set to Webhook'))
  else if ((config.url === undefined) === (config.service === undefined)) {
    errors.push(required(client, 'exactly one of url or service is required'))
  } else if (config.url !== undefined && !config.url.startsWith('https://')) {
    const why = `'https' is the only allowed URL scheme; desired format: https://host[/path]`
    errors.push(invalid(child(client, 'url'), config.url.split(':')[0] ?? '', why))
  }
  return [...errors, ...reviewVersionErrors(child(path, 'conversionReviewVersions'), versions)]
}

function reviewVersionErrors(path: string, versions: readonly string[]): FieldError[] {
  if (versions.length === 0) return [required(path)]
  const errors = versions.flatMap((version, i) => {
    if (versions.indexOf(version) < i) return [invalid(index(path, i), version, 'duplicate version')]
    return isDns1035Label(version).map(why => invalid(index(path, i), version, why))
  })
  if (versions.some(version => understood.includes(version))) return errors
  return [...errors, invalid(path, versions, `must include at least one of ${understood.join(', ')}`)]
}
