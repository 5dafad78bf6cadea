import { describe, expect, it } from 'vitest'
import { columnsOfWords, completionOf } from './completion.ts'
import { textWidth } from './width.ts'

describe('Tab', () => {
  it('[I1] finishes a word that can only be one, with a blank after it', () => {
    expect(completionOf('kubectl get po', ['pods'])).toEqual({ insert: 'ds ', choices: [] })
    expect(completionOf('kubectl scale --rep', ['--replicas='])).toEqual({ insert: 'licas=', choices: [] })
  })

  it('[I1] goes as far as the candidates agree, then shows them', () => {
    const names = ['deployments.apps', 'deploymentconfigs']
    expect(completionOf('kubectl get d', names)).toEqual({ insert: 'eployment', choices: [] })
    expect(completionOf('kubectl get deployment', names)).toEqual({ insert: '', choices: names })
  })

  it('[I1] does nothing for a word that nothing begins with', () => {
    expect(completionOf('kubectl get x', ['pods'])).toEqual({ insert: '', choices: [] })
  })

  it('[I1] lists choices in columns, downwards', () => {
    expect(columnsOfWords(['a', 'bb', 'ccc', 'd', 'e'], 12)).toEqual(['a    d', 'bb   e', 'ccc'])
  })

  it('[I1] counts two columns for a Korean letter', () => {
    expect(textWidth('파드 pod')).toBe(8)
  })
})
