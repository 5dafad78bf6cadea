import './style/tokens.css'
import './style/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startLanguages } from './i18n/language.ts'
import { usePreferences } from './preferences.ts'
import { portMaker } from './session/make-port.ts'
import { followAddress, openFirst } from './session/opening.ts'
import { reportError, startSupervising } from './session/session.ts'
import { followTheme } from './theme.ts'

/** Draws the page and opens its session. The record is looked for while the page is drawn: its time is spent elsewhere. */
export async function startPage(root: HTMLElement): Promise<void> {
  followTheme()
  await startLanguages(usePreferences.getState().language)
  const session = startSession()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  await session
}

async function startSession(): Promise<void> {
  try {
    startSupervising(await portMaker())
    followAddress()
    await openFirst()
  } catch (error) {
    reportError(error)
  }
}
