import { FileDiff, FilePlus, FileStack, Play, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplyAnswer, ApplyError } from '../../protocol/messages.ts'
import { apply } from '../actions.ts'
import { ask, reportError } from '../session/session.ts'
import { IconButton } from '../shell/IconButton.tsx'
import menu from '../shell/menu.module.css'
import { ApplyResult } from './ApplyResult.tsx'
import { DiffText } from './DiffText.tsx'
import { DocumentView } from './DocumentView.tsx'
import { closeDocument, newDocument, type OpenDocument, openDocument, showDocument, useDocuments } from './documents.ts'
import styles from './EditorPanel.module.css'
import { samples } from './samples.ts'

interface Outcome {
  readonly document: number
  readonly text: string
  readonly answer: ApplyAnswer
}

interface Diff {
  readonly document: number
  readonly text: string
}

const noErrors: readonly ApplyError[] = []

/** Manifests in tabs, with Apply, and Diff to see first what Apply would do. */
export function EditorPanel() {
  const { documents, active } = useDocuments()
  const document = documents.find(each => each.id === active)
  const [outcome, setOutcome] = useState<Outcome>()
  const [diff, setDiff] = useState<Diff>()

  const send = (from: OpenDocument) => {
    setDiff(undefined)
    apply(from.text, from.name)
      .then(answer => {
        setOutcome({ document: from.id, text: from.text, answer })
      })
      .catch(reportError)
  }
  const compare = (from: OpenDocument) => {
    ask({ ask: 'diff', yaml: from.text })
      .then(({ text, errors }) => {
        if (errors.length > 0) setOutcome({ document: from.id, text: from.text, answer: { lines: [], errors } })
        else setDiff({ document: from.id, text })
      })
      .catch(reportError)
  }
  const shownDiff = diff?.document === active ? diff : undefined
  const shownOutcome = outcome?.document === active ? outcome : undefined
  // Errors hold for the text that was sent; at the first change they may be wrong and go.
  const errors = shownOutcome && shownOutcome.text === document?.text ? shownOutcome.answer.errors : noErrors
  return (
    <div className={styles.panel}>
      <DocumentTabs documents={documents} active={active} />
      {document && (
        <Tools
          isDiff={shownDiff !== undefined}
          onApply={() => {
            send(document)
          }}
          onDiff={() => {
            if (shownDiff) setDiff(undefined)
            else compare(document)
          }}
        />
      )}
      <div className={styles.body}>
        {!document && <NoDocument />}
        {shownDiff && <DiffText text={shownDiff.text} />}
        {document && (
          <DocumentView
            document={document}
            errors={errors}
            isHidden={shownDiff !== undefined}
            onApply={() => {
              const now = useDocuments.getState().documents.find(each => each.id === document.id)
              if (now) send(now)
            }}
          />
        )}
      </div>
      {shownOutcome && (
        <ApplyResult
          answer={shownOutcome.answer}
          onDismiss={() => {
            setOutcome(undefined)
          }}
        />
      )}
    </div>
  )
}

interface DocumentTabsProps {
  readonly documents: readonly OpenDocument[]
  readonly active: number | undefined
}

function DocumentTabs({ documents, active }: DocumentTabsProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.tabs}>
      <ul aria-label={t('editor.documents')}>
        {documents.map(({ id, name }) => (
          <li key={id} data-active={id === active} ref={id === active ? bringIntoView : null}>
            <button
              type="button"
              aria-pressed={id === active}
              onClick={() => {
                showDocument(id)
              }}
            >
              {name}
            </button>
            <IconButton
              label={t('editor.close', { name })}
              icon={X}
              size={12}
              onClick={() => {
                closeDocument(id)
              }}
            />
          </li>
        ))}
      </ul>
      <IconButton label={t('editor.new')} icon={FilePlus} onClick={newDocument} />
    </div>
  )
}

function bringIntoView(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

interface ToolsProps {
  readonly isDiff: boolean
  readonly onApply: () => void
  readonly onDiff: () => void
}

function Tools({ isDiff, onApply, onDiff }: ToolsProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.tools}>
      <Samples />
      <span className={styles.space} />
      <IconButton
        label={t(isDiff ? 'editor.backToEditing' : 'editor.diff')}
        text={t('editor.diff')}
        icon={FileDiff}
        pressed={isDiff}
        onClick={onDiff}
      />
      <button type="button" className={styles.apply} title="Ctrl+Enter" onClick={onApply}>
        <Play size={12} fill="currentColor" aria-hidden="true" />
        {t('editor.apply')}
      </button>
    </div>
  )
}

function Samples() {
  const { t } = useTranslation()
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t('editor.samples')} text={t('editor.samples')} icon={FileStack} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="start" sideOffset={4}>
          {samples.map(sample => (
            <DropdownMenu.Item
              key={sample.name}
              className={menu.item}
              onSelect={() => {
                openDocument(sample.name, sample.text)
              }}
            >
              {sample.name}
              <small>{sample.kinds}</small>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function NoDocument() {
  const { t } = useTranslation()
  return (
    <div className={styles.none}>
      <h3>{t('editor.noDocument')}</h3>
      <p>{t('editor.noDocumentHint')}</p>
      <Samples />
    </div>
  )
}
