import { useState } from 'react'
import type { ObjectAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import { usePolling } from '../dock/use-polling.ts'
import { ask } from '../session/session.ts'

/** Often enough that a status is seen to change, seldom enough that describing costs nothing. */
const everyMs = 600

export type ObjectState =
  | { readonly is: 'none' }
  | { readonly is: 'loading' }
  | { readonly is: 'gone'; readonly error: string }
  | { readonly is: 'there'; readonly answer: ObjectAnswer }

/** The whole object behind an item, read again and again while somebody looks. One item for the life of the component. */
export function useObject(item: SceneItem, isShown: boolean): ObjectState {
  const { resource, namespace, name } = item
  const [state, setState] = useState<ObjectState>({ is: resource === undefined ? 'none' : 'loading' })
  usePolling(isShown && resource !== undefined, everyMs, async () => {
    if (resource === undefined) return
    try {
      const answer = await ask({ ask: 'object', resource, name, ...(namespace ? { namespace } : {}) })
      setState({ is: 'there', answer })
    } catch (error) {
      setState({ is: 'gone', error: error instanceof Error ? error.message : String(error) })
    }
  })
  return state
}
