import { create } from 'zustand'
import type { Motion, SceneItem } from '../scene/model.ts'
import { prefer } from './preferences.ts'

/** What the inspector shows of the selected item. */
export const inspectorViews = ['summary', 'why', 'yaml', 'describe', 'events'] as const
export type InspectorView = (typeof inspectorViews)[number]

/** What a person looks at: one selected item, a hovered one, and the filter of the explorer. */
interface Selection {
  readonly selected: string | undefined
  /** A message that was picked on its way, instead of an item. */
  readonly message: Motion | undefined
  readonly view: InspectorView
  readonly hovered: string | undefined
  /** The item that the graph should bring into view, with a number so that asking twice works. */
  readonly focus: { readonly id: string; readonly count: number } | undefined
  readonly namespace: string | undefined
}

export const useSelection = create<Selection>(() => ({
  selected: undefined,
  message: undefined,
  view: 'summary',
  hovered: undefined,
  focus: undefined,
  namespace: undefined,
}))

/** Selects an item and shows it in the inspector. */
export function select(id: string | undefined): void {
  const { selected, view } = useSelection.getState()
  useSelection.setState({ selected: id, message: undefined, view: id === selected ? view : 'summary' })
  if (id !== undefined) prefer({ sideTab: 'inspector', sideOpen: true })
}

export function inspect(view: InspectorView): void {
  useSelection.setState({ view })
}

/** Selects a message and shows in the inspector what it was about. */
export function selectMessage(message: Motion): void {
  useSelection.setState({ selected: undefined, message })
  prefer({ sideTab: 'inspector', sideOpen: true })
}

/** Selects an item and brings it into view on the graph. */
export function reveal(id: string): void {
  select(id)
  useSelection.setState(state => ({ focus: { id, count: (state.focus?.count ?? 0) + 1 } }))
}

export function hover(id: string | undefined): void {
  if (useSelection.getState().hovered !== id) useSelection.setState({ hovered: id })
}

export function filterNamespace(namespace: string | undefined): void {
  useSelection.setState({ namespace })
}

export function useIsSelected(id: string): boolean {
  return useSelection(state => state.selected === id)
}

/** Whether an item passes the namespace filter; things without a namespace always do. */
export function inNamespace(item: SceneItem, namespace: string | undefined): boolean {
  return namespace === undefined || item.namespace === undefined || item.namespace === namespace
}
