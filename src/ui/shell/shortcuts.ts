import { useEffect } from 'react'
import { flushSync } from 'react-dom'
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
    flushSync(() => {
      prefer({ dockOpen: true, dockTab: 'terminal' })
    })
    focusWhenThere('[data-terminal]:not([hidden]) textarea')
  },
  e: () => {
    flushSync(() => {
      prefer({ sideOpen: true, sideTab: 'editor' })
    })
    focusWhenThere('.monaco-editor textarea, .monaco-editor .native-edit-context')
  },
  '/': () => {
    flushSync(() => {
      prefer({ explorerOpen: true })
    })
    focusWhenThere('#explorer-filter')
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

/**
 * Moves the focus at once, so that the next key already lands there; a part of the page that is still being loaded gets
 * it when it comes, unless the person has done something else by then.
 */
function focusWhenThere(selector: string): void {
  const find = () => document.querySelector<HTMLElement>(selector)
  const there = find()
  if (there) {
    there.focus()
    return
  }
  const giveUp = new AbortController()
  const arrivals = new MutationObserver(() => {
    const arrived = find()
    if (!arrived) return
    giveUp.abort()
    arrived.focus()
  })
  giveUp.signal.addEventListener('abort', () => {
    arrivals.disconnect()
  })
  for (const doing of ['keydown', 'pointerdown'] as const) {
    window.addEventListener(
      doing,
      () => {
        giveUp.abort()
      },
      { signal: giveUp.signal, capture: true },
    )
  }
  arrivals.observe(document.body, { childList: true, subtree: true })
}
