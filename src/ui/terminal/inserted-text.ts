import type { Terminal } from '@xterm/xterm'

/**
 * Takes text that is put in without keys: dictation, an emoji picker, some input methods. xterm leaves such text alone
 * while it is readable for screen readers, since there the keys' own text is put in as well. Returns how to stop.
 */
export function takeInsertedText(terminal: Terminal): () => void {
  const { textarea } = terminal
  if (!textarea) return () => undefined
  let isKeyDown = false
  const keyDown = () => {
    isKeyDown = true
  }
  const keyUp = () => {
    isKeyDown = false
  }
  const input = (event: Event) => {
    if (!(event instanceof InputEvent) || isKeyDown || event.isComposing) return
    if (event.inputType === 'insertText' && event.data) terminal.input(event.data)
  }
  textarea.addEventListener('keydown', keyDown, true)
  textarea.addEventListener('keyup', keyUp, true)
  textarea.addEventListener('input', input)
  return () => {
    textarea.removeEventListener('keydown', keyDown, true)
    textarea.removeEventListener('keyup', keyUp, true)
    textarea.removeEventListener('input', input)
  }
}
