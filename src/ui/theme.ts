import { useSyncExternalStore } from 'react'
import { usePreferences } from './preferences.ts'

export type Theme = 'light' | 'dark'

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

/** The theme that is shown: the one chosen, or the system's. */
export function useTheme(): Theme {
  const chosen = usePreferences(state => state.theme)
  const system = useSyncExternalStore(followSystem, () => systemIsDark.matches)
  return chosen === 'system' ? (system ? 'dark' : 'light') : chosen
}

function followSystem(onChange: () => void): () => void {
  systemIsDark.addEventListener('change', onChange)
  return () => {
    systemIsDark.removeEventListener('change', onChange)
  }
}
