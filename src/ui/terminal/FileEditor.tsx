import { Save, X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { monaco, paintEditor } from '../editor/monaco.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { useTheme } from '../theme.ts'
import styles from './FileEditor.module.css'

interface FileEditorProps {
  readonly file: string
  readonly text: string
  /** The text that was saved; undefined when the user went away without saving. */
  readonly onClose: (text: string | undefined) => void
}

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
  fontSize: 12.5,
  lineHeight: 19,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  tabSize: 2,
  wordWrap: 'on',
  wordBasedSuggestions: 'off',
  stickyScroll: { enabled: false },
  theme: 'podscape',
}

/** The editor that `kubectl edit`, vi and nano open over their terminal: Monaco, with Save and Quit. */
export default function FileEditor({ file, text, onClose }: FileEditorProps) {
  const { t } = useTranslation()
  const hostRef = useRef<HTMLDivElement>(null)
  const editorRef = useRef<monaco.editor.IStandaloneCodeEditor>(undefined)
  const theme = useTheme()
  const close = useEffectEvent((saved: boolean) => {
    onClose(saved ? editorRef.current?.getValue() : undefined)
  })
  const label = t('terminal.editing', { file })

  useEffect(() => {
    const host = hostRef.current
    if (!host) return
    const language = /\.ya?ml$/.test(file) ? 'yaml' : 'plaintext'
    const model = monaco.editor.createModel(text, language)
    const editor = monaco.editor.create(host, {
      model,
      ariaLabel: label,
      ...options,
    })
    for (const key of [monaco.KeyCode.KeyS, monaco.KeyCode.Enter]) {
      editor.addCommand(monaco.KeyMod.CtrlCmd | key, () => {
        close(true)
      })
    }
    editorRef.current = editor
    editor.focus()
    return () => {
      editor.dispose()
      model.dispose()
    }
  }, [file, text, label])

  useEffect(() => {
    paintEditor(theme)
  }, [theme])

  return (
    <section className={styles.editor} aria-label={label} data-file-editor>
      <header className={styles.bar}>
        <code>{file}</code>
        <IconButton
          label={t('terminal.save')}
          text={t('terminal.save')}
          keys="Control+S"
          icon={Save}
          size={13}
          onClick={() => {
            onClose(editorRef.current?.getValue())
          }}
        />
        <IconButton
          label={t('terminal.quit')}
          text={t('terminal.quit')}
          icon={X}
          size={13}
          onClick={() => {
            onClose(undefined)
          }}
        />
      </header>
      <div ref={hostRef} className={styles.text} />
    </section>
  )
}
