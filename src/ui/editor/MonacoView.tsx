import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplyError } from '../../protocol/messages.ts'
import { useTheme } from '../theme.ts'
import { type OpenDocument, useDocuments, writeDocument } from './documents.ts'
import styles from './EditorPanel.module.css'
import { monaco, paintEditor } from './monaco.ts'

interface MonacoViewProps {
  readonly document: OpenDocument
  /** What the API server had against this text. */
  readonly errors: readonly ApplyError[]
  readonly onApply: () => void
}

type View = monaco.editor.ICodeEditorViewState | null

const models = new Map<number, monaco.editor.ITextModel>()
const places = new Map<number, View>()

/** Monaco on the document that is shown. Models outlive it, so undo history and cursor stay with their document. */
export default function MonacoView({ document, errors, onApply }: MonacoViewProps) {
  const { t } = useTranslation()
  const hostRef = useRef<HTMLDivElement>(null)
  const editorRef = useRef<monaco.editor.IStandaloneCodeEditor>(undefined)
  const theme = useTheme()
  const apply = useEffectEvent(onApply)
  const label = t('editor.text')

  useEffect(() => {
    const host = hostRef.current
    if (!host) return
    const editor = monaco.editor.create(host, { ...options, ariaLabel: label })
    editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => {
      apply()
    })
    editorRef.current = editor
    return () => {
      editor.dispose()
    }
  }, [label])

  useEffect(() => {
    const editor = editorRef.current
    const model = modelOf(document.id)
    editor?.setModel(model)
    const place = places.get(document.id)
    if (place) editor?.restoreViewState(place)
    return () => {
      places.set(document.id, editor?.saveViewState() ?? null)
    }
  }, [document.id, label])

  useEffect(() => {
    const model = modelOf(document.id)
    if (model.getValue() !== document.text) model.setValue(document.text)
  }, [document.id, document.text])

  useEffect(() => {
    const model = modelOf(document.id)
    monaco.editor.setModelMarkers(
      model,
      'server',
      errors.map(error => markerOf(error, model)),
    )
    const [first] = errors
    if (first?.line !== undefined) editorRef.current?.revealLineInCenterIfOutsideViewport(first.line)
  }, [document.id, errors])

  useEffect(() => {
    paintEditor(theme)
  }, [theme])

  return <div ref={hostRef} className={styles.monaco} />
}

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
  fontSize: 12.5,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  padding: { top: 10, bottom: 16 },
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  folding: true,
  showFoldingControls: 'mouseover',
  tabSize: 2,
  wordWrap: 'on',
  wrappingIndent: 'indent',
  insertSpaces: true,
  quickSuggestions: { other: true, comments: false, strings: true },
  suggest: { showWords: false, preview: false },
  wordBasedSuggestions: 'off',
  fixedOverflowWidgets: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  smoothScrolling: true,
  stickyScroll: { enabled: false },
  unicodeHighlight: { ambiguousCharacters: false },
  theme: 'podscape',
}

function modelOf(id: number): monaco.editor.ITextModel {
  const known = models.get(id)
  if (known) return known
  const text = useDocuments.getState().documents.find(each => each.id === id)?.text ?? ''
  const model = monaco.editor.createModel(text, 'yaml', monaco.Uri.parse(`file:///document-${id}.yaml`))
  model.onDidChangeContent(() => {
    writeDocument(id, model.getValue())
  })
  models.set(id, model)
  return model
}

/** Models of documents that were closed go with them. */
useDocuments.subscribe(({ documents }) => {
  for (const [id, model] of models) {
    if (documents.some(each => each.id === id)) continue
    model.dispose()
    models.delete(id)
    places.delete(id)
  }
})

function markerOf(
  { message, line = 1, column }: ApplyError,
  model: monaco.editor.ITextModel,
): monaco.editor.IMarkerData {
  const lineNumber = Math.min(Math.max(1, line), model.getLineCount())
  const startColumn = column ?? model.getLineFirstNonWhitespaceColumn(lineNumber)
  return {
    severity: monaco.MarkerSeverity.Error,
    message,
    source: 'API server',
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn: Math.max(1, startColumn),
    endColumn: model.getLineMaxColumn(lineNumber),
  }
}
