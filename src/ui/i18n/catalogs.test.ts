import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { ko } from './ko.ts'

interface Words {
  readonly [key: string]: string | Words
}

function flat(words: Words, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') all.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text)
  }
  return all
}

const english = flat(en)
const korean = flat(ko)

function holes(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()
}

describe('the catalogs', () => {
  it('[J11] have the same keys in both languages', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('[J11] have words for every key', () => {
    for (const [key, text] of [...english, ...korean]) expect(text.trim(), key).not.toBe('')
  })

  it('[J11] put the same values into a sentence in both languages', () => {
    for (const [key, text] of english) expect(holes(korean.get(key) ?? ''), key).toEqual(holes(text))
  })

  it('[J11] say in Korean what is not a name in Korean letters', () => {
    const names = new Set([
      'allocation.cpu',
      'graph.workstationHint',
      'graph.more',
      'inspector.yaml',
      'inspector.describe',
      'requests.url',
      'requests.ms',
      'story.etcd',
      'story.kubelet',
    ])
    for (const [key, text] of korean) if (!names.has(key)) expect(/[가-힣]/.test(text), `${key}: ${text}`).toBe(true)
  })

  it('[J11] have both plural forms wherever there is one', () => {
    for (const key of english.keys()) {
      if (key.endsWith('_one')) expect(english.has(key.replace(/_one$/, '_other')), key).toBe(true)
    }
  })
})
