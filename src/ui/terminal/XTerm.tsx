import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import i18next from 'i18next'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { clockText } from '../actions.ts'
import { onTerminalOutput, useClock } from '../store.ts'
import { tokenColour, useTheme } from '../theme.ts'
import { sendInput, reportError } from '../session/session.ts'
import { takeInsertedText } from './inserted-text.ts'
import { ShellScreen } from './shell-screen.ts'
import styles from './TerminalPanel.module.css'

const FileEditor = lazy(() => import('./FileEditor.tsx'))

/** A file that a program of the terminal wants edited. */
interface OpenFile {
  readonly file: string
  readonly text: string
}

interface XTermProps {
  readonly id: string
  readonly label: string
  readonly isShown: boolean
}

/** One xterm with a shell behind it. Lives as long as its tab; being hidden does not end it. */
export default function XTerm({ id, label, isShown }: XTermProps) {
  const hostRef = useRef<HTMLDivElement>(null)
  const terminalRef = useRef<Terminal>(undefined)
  const theme = useTheme()
  const [open, setOpen] = useState<OpenFile>()

  useEffect(() => {
    const host = hostRef.current
    if (!host) return
    const style = getComputedStyle(host)
    const terminal = new Terminal({
      fontFamily: style.getPropertyValue('--mono'),
      fontSize: 12.5,
      lineHeight: 1.25,
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      cursorStyle: 'bar',
      scrollback: 5_000,
      screenReaderMode: true,
    })
    const fit = new FitAddon()
    terminal.loadAddon(fit)
    terminal.open(host)
    const resize = () => {
      if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit()
    }
    resize()
    const screen = new ShellScreen(terminal, id)
    const stopInserting = takeInsertedText(terminal)
    const stop = onTerminalOutput((outputs, reset) => {
      if (reset && useClock.getState().now > 0) screen.rewound(rewoundWords())
      screen.receive(outputs)
      for (const output of outputs) {
        if (output.terminal === id && (output.edit || output.done)) setOpen(output.edit)
      }
    })
    const observer = new ResizeObserver(resize)
    observer.observe(host)
    terminalRef.current = terminal
    return () => {
      stop()
      stopInserting()
      observer.disconnect()
      terminal.dispose()
    }
  }, [id])

  useEffect(() => {
    const host = hostRef.current
    if (host && terminalRef.current) terminalRef.current.options.theme = themeOf(host)
  }, [theme])

  useEffect(() => {
    if (isShown && document.activeElement?.closest('[role="tab"], [data-terminal-tab]')) terminalRef.current?.focus()
  }, [isShown])

  const closeEditor = (text: string | undefined) => {
    setOpen(undefined)
    terminalRef.current?.focus()
    sendInput({ type: 'edited', terminal: id, ...(text !== undefined && { text }) }).catch(reportError)
  }
  return (
    <>
      <div ref={hostRef} className={styles.host} hidden={!isShown} aria-label={label} role="group" data-terminal />
      {open && isShown && (
        <Suspense fallback={null}>
          <FileEditor file={open.file} text={open.text} onClose={closeEditor} />
        </Suspense>
      )}
    </>
  )
}

function rewoundWords(): string {
  return i18next.t('terminal.rewound', { time: clockText(useClock.getState().now) })
}

/** The page's tokens as a terminal's colours; the sixteen are tuned for either ground. */
function themeOf(element: Element) {
  const token = (name: string) => tokenColour(element, name)
  return {
    background: token('--surface'),
    foreground: token('--ink'),
    cursor: token('--accent'),
    cursorAccent: token('--surface'),
    selectionBackground: `${token('--accent')}44`,
    scrollbarSliderBackground: `${token('--ink')}1c`,
    scrollbarSliderHoverBackground: `${token('--ink')}38`,
    scrollbarSliderActiveBackground: `${token('--ink')}50`,
    black: token('--ink'),
    red: token('--bad'),
    green: token('--good'),
    yellow: token('--warning'),
    blue: token('--busy'),
    magenta: token('--unknown'),
    cyan: token('--good'),
    white: token('--ink-2'),
    brightBlack: token('--ink-3'),
    brightRed: token('--bad'),
    brightGreen: token('--good'),
    brightYellow: token('--warning'),
    brightBlue: token('--accent'),
    brightMagenta: token('--unknown'),
    brightCyan: token('--good'),
    brightWhite: token('--ink'),
  }
}
