import { useEffect, useState } from 'react'
import type { WhyAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import { ask } from '../session/session.ts'
import { followChanges } from './follow-changes.ts'

/** Why the item's object is as it is, read again while the cluster changes; undefined until there is an answer. */
export function useWhy({ resource, namespace, name }: SceneItem, isShown: boolean): readonly WhyAnswer[] | undefined {
  const [answers, setAnswers] = useState<readonly WhyAnswer[]>()
  useEffect(() => {
    if (!isShown || resource === undefined) return
    return followChanges(async () => {
      try {
        setAnswers(await ask({ ask: 'why', resource, name, ...(namespace ? { namespace } : {}) }))
      } catch {
        // The object has gone meanwhile: the inspector says so.
        setAnswers(undefined)
      }
    })
  }, [isShown, resource, namespace, name])
  return answers
}
