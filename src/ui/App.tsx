import { useEffect } from 'react'
import { speak } from './i18n/language.ts'
import { usePreferences } from './preferences.ts'
import { Boundary } from './shell/Boundary.tsx'
import { Shell } from './shell/Shell.tsx'

/** The page, in its language. */
export function App() {
  const language = usePreferences(state => state.language)
  useEffect(() => {
    speak(language)
  }, [language])
  return (
    <Boundary>
      <Shell />
    </Boundary>
  )
}
