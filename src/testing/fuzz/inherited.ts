// Creations in which one text, or one key, is a word that every JavaScript object knows without having it.
import { isList, isObject } from '../../machinery/json-value.ts'
import { setOwn } from '../../machinery/json-text.ts'
import type { HttpRequest } from '../golden-api-replay.ts'
import { copyOf } from './oddities.ts'
import { creations } from './requests.ts'

const word = 'constructor'

type Step = string | number

/** Each place of each kind once, whatever the number of objects that have it. */
export function inheritedWords(): HttpRequest[] {
  const seen = new Set<string>()
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  return creations.flatMap(({ path, body }) => {
    const [to = ''] = path.replace(/\/namespaces\/[^/?]+\//, '/namespaces/default/').split('?')
    return placesIn(body, []).flatMap(place => {
      const name = `${to} ${place.filter(step => typeof step === 'string').join('.')}`
      if (seen.has(name) || place[0] === 'kind' || place[0] === 'apiVersion') return []
      seen.add(name)
      return [asValue(body, place), asKey(body, place)].map((spoilt): HttpRequest => ({
        method: 'POST',
        path: to,
        headers,
        body: JSON.stringify(spoilt),
      }))
    })
  })
}

/** The texts in a document. */
function placesIn(value: unknown, here: readonly Step[]): (readonly Step[])[] {
  if (typeof value === 'string') return [here]
  if (isList(value)) return value.flatMap((item, i) => placesIn(item, [...here, i]))
  return isObject(value) ? Object.keys(value).flatMap(key => placesIn(value[key], [...here, key])) : []
}

function asValue(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return word
  if (isList(value)) return value.map((item, i) => (i === step ? asValue(item, rest) : item))
  return isObject(value) ? { ...value, [step]: asValue(value[step], rest) } : value
}

/** The last key on the way is the word. */
function asKey(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (isList(value)) return value.map((item, i) => (i === step ? asKey(item, rest) : item))
  if (!isObject(value) || step === undefined) return value
  const renamed: Record<string, unknown> = {}
  const isLast = !rest.some(next => typeof next === 'string')
  for (const key of Object.keys(value)) {
    if (key !== step) setOwn(renamed, key, copyOf(value[key]))
    else setOwn(renamed, isLast ? word : key, asKey(value[key], rest))
  }
  return renamed
}
