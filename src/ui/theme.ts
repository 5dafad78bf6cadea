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

/**
 * Puts the theme on the document, now and whenever it changes. Called before React starts, so that the attribute is
 * there before any component reads colours for a canvas.
 */
export function followTheme(): void {
  const put = () => {
    const { theme } = usePreferences.getState()
    document.documentElement.dataset['theme'] = theme === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : theme
  }
  put()
  usePreferences.subscribe(put)
  systemIsDark.addEventListener('change', put)
}

function followSystem(onChange: () => void): () => void {
  systemIsDark.addEventListener('change', onChange)
  return () => {
    systemIsDark.removeEventListener('change', onChange)
  }
}

/** A colour token as `#rrggbb`: the stylesheet's minifier shortens `#ffffff`, and Monaco and xterm do not take `#fff`. */
export function tokenColour(element: Element, name: string): string {
  const value = getComputedStyle(element).getPropertyValue(name).trim()
  return /^#[0-9a-f]{3}$/i.test(value) ? value.replace(/[0-9a-f]/gi, '$&$&') : value
}
