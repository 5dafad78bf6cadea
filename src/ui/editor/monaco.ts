import * as monaco from 'monaco-editor/editor.js'
import 'monaco-editor/features/register.all.js'
import 'monaco-editor/languages/definitions/yaml/register.js'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'
import { configureMonacoYaml } from 'monaco-yaml'
import { tokenColour } from '../theme.ts'
import YamlWorker from 'monaco-yaml/yaml.worker.js?worker'
import { kubernetesSchema } from './kubernetes-schema.ts'

/** Monaco with its YAML support, made ready once. Loaded when the editor is first shown. */
export { monaco }

self.MonacoEnvironment = {
  getWorker: (_module, label) => (label === 'yaml' ? new YamlWorker() : new EditorWorker()),
}

interface OldWorkerOptions {
  readonly label: string
  readonly createData: unknown
}

/**
 * monaco-yaml asks for a worker by label, as Monaco did before 0.57; today's wants the worker itself, told twice: once to
 * wake it, once with what it is made from (see `createWebWorker` in Monaco's internal/common/workers.js).
 */
function createWebWorker<T extends object>({ label, createData }: OldWorkerOptions): monaco.editor.MonacoWebWorker<T> {
  const worker = label === 'yaml' ? new YamlWorker() : new EditorWorker()
  worker.postMessage('ignore')
  worker.postMessage(createData)
  return monaco.editor.createWebWorker<T>({ worker })
}

Reflect.apply(configureMonacoYaml, undefined, [
  { ...monaco, editor: { ...monaco.editor, createWebWorker } },
  {
    enableSchemaRequest: false,
    isKubernetes: true,
    validate: true,
    completion: true,
    hover: true,
    format: false,
    schemas: [{ uri: 'podscape://kubernetes.json', fileMatch: ['**/*.yaml'], schema: kubernetesSchema() }],
  },
])

/** Gives Monaco the page's colours. */
export function paintEditor(theme: 'light' | 'dark'): void {
  const token = (name: string) => tokenColour(document.documentElement, name)
  const rule = (name: string) => token(name).slice(1)
  monaco.editor.defineTheme('podscape', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'type.yaml', foreground: rule('--accent') },
      { token: 'string.yaml', foreground: rule('--ink') },
      { token: 'number.yaml', foreground: rule('--warning') },
      { token: 'keyword.yaml', foreground: rule('--unknown') },
      { token: 'comment.yaml', foreground: rule('--ink-3') },
      { token: 'operators.yaml', foreground: rule('--ink-3') },
    ],
    colors: {
      'editor.background': token('--surface'),
      'editor.foreground': token('--ink'),
      'editorLineNumber.foreground': `${token('--ink-3')}99`,
      'editorLineNumber.activeForeground': token('--ink-2'),
      'editor.lineHighlightBackground': token('--surface-2'),
      'editor.lineHighlightBorder': '#00000000',
      'editorCursor.foreground': token('--accent'),
      'editor.selectionBackground': `${token('--accent')}33`,
      'editorIndentGuide.background1': token('--line'),
      'editorIndentGuide.activeBackground1': token('--line-strong'),
      'editorWidget.background': token('--surface'),
      'editorWidget.border': token('--line-strong'),
      'editorGutter.background': token('--surface'),
      'editorSuggestWidget.selectedBackground': token('--accent-soft'),
      'editorSuggestWidget.selectedForeground': token('--ink'),
      'editorSuggestWidget.selectedIconForeground': token('--accent'),
      'editorSuggestWidget.highlightForeground': token('--accent'),
      'editorSuggestWidget.focusHighlightForeground': token('--accent'),
      'editorSuggestWidget.border': token('--line-strong'),
      'editorHoverWidget.background': token('--surface'),
      'editorHoverWidget.border': token('--line-strong'),
      'editorError.foreground': token('--bad'),
      'editorWarning.foreground': token('--warning'),
      focusBorder: '#00000000',
    },
  })
  monaco.editor.setTheme('podscape')
}
