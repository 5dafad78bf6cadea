import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'

/** What the page remembers of its own looks, in localStorage; nothing of the cluster is here. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  readonly language: 'en' | 'ko'
  readonly explorerOpen: boolean
  readonly sideOpen: boolean
  readonly dockOpen: boolean
  readonly explorerWidth: number
  readonly sideWidth: number
  readonly dockHeight: number
  readonly sideTab: SideTab
  readonly dockTab: DockTab
  readonly hintSeen: boolean
  readonly minimap: boolean
}

export type SideTab = 'editor' | 'inspector'
export type DockTab = 'terminal' | 'events' | 'story' | 'trace' | 'requests'

const initial: Preferences = {
  theme: 'system',
  language: navigator.language.startsWith('ko') ? 'ko' : 'en',
  explorerOpen: window.innerWidth >= 1200,
  sideOpen: true,
  dockOpen: true,
  explorerWidth: 204,
  sideWidth: window.innerWidth >= 1200 ? 376 : 312,
  dockHeight: window.innerHeight >= 850 ? 204 : 172,
  sideTab: 'editor',
  dockTab: 'terminal',
  hintSeen: false,
  minimap: true,
}

export const usePreferences = create<Preferences>()(
  persist(() => initial, { name: 'podscape', version: 1, storage: createJSONStorage(() => localStorage) }),
)

/** Changes some preferences. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change)
}
