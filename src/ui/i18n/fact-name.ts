import type { TFunction } from 'i18next'
import { en } from './en.ts'

/** What a fact of an item is called; one that this page does not know yet keeps its own name. */
export function factName(t: TFunction<'page'>, name: string): string {
  return isKnown(name) ? t(`fact.${name}`) : name
}

function isKnown(name: string): name is keyof typeof en.fact {
  return Object.hasOwn(en.fact, name)
}
