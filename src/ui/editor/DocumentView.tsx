import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplyError } from '../../protocol/messages.ts'
import { usePreferences } from '../preferences.ts'
import { useClock } from '../store.ts'
import type { OpenDocument } from './documents.ts'
import styles from './EditorPanel.module.css'

const MonacoView = lazy(() => import('./MonacoView.tsx'))

interface DocumentViewProps {
  readonly document: OpenDocument
  readonly errors: readonly ApplyError[]
  readonly isHidden: boolean
  readonly onApply: () => void
}

/** A document to be written in: Monaco, and until it is there the bare text in the same place. */
export function DocumentView({ document, errors, isHidden, onApply }: DocumentViewProps) {
  const { isWanted, want } = useMonacoWanted()
  const plain = <PlainText text={document.text} />
  return (
    <div className={styles.text} hidden={isHidden} onPointerDownCapture={want}>
      {isWanted ? (
        <Suspense fallback={plain}>
          <MonacoView document={document} errors={errors} onApply={onApply} />
        </Suspense>
      ) : (
        plain
      )}
    </div>
  )
}

/** Waiting longer than this for a cluster that boots is not worth an editor that cannot be typed into. */
const patienceMs = 3_000

/**
 * Monaco comes when its tab is looked at, and stays. It is the largest part of the page, so a page that has just been
 * opened lets the cluster boot first, unless somebody reaches for the editor.
 */
function useMonacoWanted(): { readonly isWanted: boolean; readonly want: () => void } {
  const isShown = usePreferences(state => state.sideOpen && state.sideTab === 'editor')
  const isBooted = useClock(state => state.booted)
  const [isUrgent, setUrgent] = useState(false)
  const [isWanted, setWanted] = useState(false)
  if (isShown && (isBooted || isUrgent) && !isWanted) setWanted(true)
  const want = () => {
    setUrgent(true)
  }
  useEffect(() => {
    const timer = setTimeout(want, patienceMs)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return { isWanted, want }
}

/** The text as it will stand there, until Monaco has come. */
function PlainText({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  return (
    <pre className={styles.plain} aria-label={t('editor.loading')}>
      {text}
    </pre>
  )
}
