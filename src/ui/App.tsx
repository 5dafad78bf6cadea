import { useEffect } from 'react'
import { speak } from './i18n/language.ts'
import { usePreferences } from './preferences.ts'
import { Shell } from './shell/Shell.tsx'
import { useTheme } from './theme.ts'

/** The page with its language and theme put on the document. */
export function App() {
  const language = usePreferences(state => state.language)
  const theme = useTheme()
  useEffect(() => {
    speak(language)
  }, [language])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return <Shell />
}
