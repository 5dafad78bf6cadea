import { useEffect } from 'react'
import { backToStart, changeSpeed, step, togglePlay } from '../actions.ts'
import { prefer } from '../preferences.ts'
import { select } from '../selection.ts'
import { openDialog } from './dialogs.ts'

/** Keys that work anywhere but where text is typed. */
const shortcuts: Readonly<Record<string, () => void>> = {
  ' ': togglePlay,
  '.': step,
  '[': () => {
    changeSpeed(-1)
  },
  ']': () => {
    changeSpeed(1)
  },
  Home: backToStart,
  f: () => {
    window.dispatchEvent(new Event('podscape-fit'))
  },
  t: () => {
    prefer({ dockOpen: true, dockTab: 'terminal' })
    focusSoon('[data-terminal]:not([hidden]) textarea')
  },
  e: () => {
    prefer({ sideOpen: true, sideTab: 'editor' })
    focusSoon('.monaco-editor textarea, .monaco-editor .native-edit-context')
  },
  '/': () => {
    prefer({ explorerOpen: true })
    focusSoon('#explorer-filter')
  },
  '?': () => {
    openDialog('help')
  },
  Escape: () => {
    select(undefined)
  },
}

export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === ' ' && isPressable(event.target)) return
      const act = shortcuts[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

const ownKeys = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"], .monaco-editor, .xterm'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${ownKeys}, [role="slider"]`) !== null
}

/** Space presses what has the focus, as everywhere in a browser. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role="tab"], [role="button"]') !== null
}

/** After React has shown the panel. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(selector)?.focus()
  })
}
