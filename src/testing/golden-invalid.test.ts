import { describe, expect, it } from 'vitest'
import { aggregateTexts } from '../machinery/fieldpath.ts'
import { quote } from '../machinery/go-text.ts'
import { goldenJson, goldenNames, listAt, objectAt, textAt, type Json } from './golden-json.ts'

/** Every status that lists fields which are invalid. (Admission policies answer Invalid, too, in their own words.) */
function invalidStatuses(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(invalidStatuses)
  if (typeof value !== 'object' || value === null) return []
  const isInvalid =
    value['kind'] === 'Status' && value['reason'] === 'Invalid' && textAt(value, 'details', 'causes', 0, 'field') !== ''
  return isInvalid ? [value] : Object.values(value).flatMap(invalidStatuses)
}

describe('[A3] recorded Invalid answers', () => {
  const statuses = goldenNames('api', 'invalid').flatMap(name => invalidStatuses(goldenJson('api', 'invalid', name)))

  it('tell their causes in one text, as aggregateTexts puts them together', () => {
    expect(statuses.length).toBe(279)
    for (const status of statuses) {
      const details = objectAt(status, 'details')
      const [kind, group, name] = ['kind', 'group', 'name'].map(field => textAt(details, field))
      const texts = listAt(details, 'causes').map(cause => `${textAt(cause, 'field')}: ${textAt(cause, 'message')}`)
      const what = group ? `${kind}.${group}` : kind
      expect(textAt(status, 'message')).toBe(`${what} ${quote(name ?? '')} is invalid: ${aggregateTexts(texts)}`)
    }
  })
})
