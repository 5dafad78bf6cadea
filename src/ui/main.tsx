import './style/tokens.css'
import './style/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startLanguages } from './i18n/language.ts'
import { usePreferences } from './preferences.ts'
import { portMaker } from './session/make-port.ts'
import { freshRecord, openSession, reportError, startSupervising } from './session/session.ts'

async function start(root: HTMLElement): Promise<void> {
  await startLanguages(usePreferences.getState().language)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  try {
    startSupervising(await portMaker())
    await openSession(freshRecord())
  } catch (error) {
    reportError(error)
  }
}

const root = document.getElementById('root')
if (root) void start(root)
