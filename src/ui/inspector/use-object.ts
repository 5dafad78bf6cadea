import { useEffect, useState } from 'react'
import type { ObjectAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import { ask } from '../session/session.ts'
import { followChanges } from './follow-changes.ts'

export type ObjectState =
  | { readonly is: 'none' }
  | { readonly is: 'loading' }
  | { readonly is: 'gone'; readonly error: string }
  | { readonly is: 'there'; readonly answer: ObjectAnswer }

/**
 * The whole object behind an item while somebody looks: read once, and again whenever something in the cluster changed
 * (its Events and what `describe` gathers are not its own). In a cluster at rest nothing is asked. One item for the life
 * of the component.
 */
export function useObject(item: SceneItem, isShown: boolean): ObjectState {
  const { resource, namespace, name } = item
  const [state, setState] = useState<ObjectState>({ is: resource === undefined ? 'none' : 'loading' })
  useEffect(() => {
    if (!isShown || resource === undefined) return
    return followChanges(async () => {
      try {
        const answer = await ask({ ask: 'object', resource, name, ...(namespace ? { namespace } : {}) })
        setState({ is: 'there', answer })
      } catch (error) {
        setState({ is: 'gone', error: error instanceof Error ? error.message : String(error) })
      }
    })
  }, [isShown, resource, namespace, name])
  return state
}
