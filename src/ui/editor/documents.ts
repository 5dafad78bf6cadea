import i18next from 'i18next'
import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import type { SceneItem } from '../../scene/model.ts'
import { prefer } from '../preferences.ts'
import { ask, reportError } from '../session/session.ts'
import { samples } from './samples.ts'

export interface OpenDocument {
  readonly id: number
  readonly name: string
  readonly text: string
}

interface Documents {
  readonly documents: readonly OpenDocument[]
  readonly active: number | undefined
  readonly nextId: number
}

const first = samples[0]

/** What is open in the editor. Kept in this browser, never sent anywhere but by Apply. */
export const useDocuments = create<Documents>()(
  persist(
    (): Documents => ({
      documents: first ? [{ id: 1, name: first.name, text: first.text }] : [],
      active: first ? 1 : undefined,
      nextId: 2,
    }),
    { name: 'podscape-documents', version: 1, storage: createJSONStorage(() => localStorage) },
  ),
)

/** Opens a text in a tab of its own; one of the same name and text is only brought forward. */
export function openDocument(name: string, text: string): void {
  prefer({ sideOpen: true, sideTab: 'editor' })
  const { documents, nextId } = useDocuments.getState()
  const known = documents.find(each => each.name === name)
  if (known) {
    useDocuments.setState({ active: known.id })
    if (known.text !== text) writeDocument(known.id, text)
    return
  }
  useDocuments.setState({
    documents: [...documents, { id: nextId, name, text }],
    active: nextId,
    nextId: nextId + 1,
  })
}

export function newDocument(): void {
  openDocument(i18next.t('editor.untitled', { count: useDocuments.getState().nextId }), '')
}

export function showDocument(id: number): void {
  useDocuments.setState({ active: id })
}

export function closeDocument(id: number): void {
  const { documents, active } = useDocuments.getState()
  const index = documents.findIndex(each => each.id === id)
  const left = documents.filter(each => each.id !== id)
  const neighbour = left[Math.min(index, left.length - 1)]?.id
  useDocuments.setState({ documents: left, active: active === id ? neighbour : active })
}

export function writeDocument(id: number, text: string): void {
  useDocuments.setState(({ documents }) => ({
    documents: documents.map(each => (each.id === id ? { ...each, text } : each)),
  }))
}

/** Opens an object of the cluster as YAML, as `kubectl edit` would. */
export async function editObject(item: SceneItem): Promise<void> {
  const { resource, namespace, name } = item
  if (resource === undefined) return
  try {
    const { yaml } = await ask({ ask: 'object', resource, name, ...(namespace ? { namespace } : {}) })
    openDocument(`${(item.kind ?? resource).toLowerCase()}-${name}.yaml`, yaml)
  } catch (error) {
    reportError(error)
  }
}
