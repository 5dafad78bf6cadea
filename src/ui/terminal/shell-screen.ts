import type { Terminal } from '@xterm/xterm'
import type { TerminalOutput } from '../../protocol/messages.ts'
import { ask, reportError, sendInput } from '../session/session.ts'
import { columnsOfWords, completionOf } from './completion.ts'
import { emptyLine, feed, insert, type Line, textOf } from './line-editor.ts'
import { textWidth } from './width.ts'

/** The prompt of a fresh shell on the workstation; after the first command the session says what it is. */
const firstPrompt = '[root@workstation ~]# '

/**
 * One terminal: edits the line on screen, sends it to the session when it is entered, prints what comes back. While a
 * command runs, lines that are entered wait for their turn, as a tty keeps them.
 */
export class ShellScreen {
  readonly #terminal: Terminal
  readonly #id: string
  #line: Line = emptyLine
  #prompt = firstPrompt
  #running = false
  #waiting: string[] = []
  /** Row of the cursor below the prompt's first row. */
  #row = 0

  constructor(terminal: Terminal, id: string) {
    this.#terminal = terminal
    this.#id = id
    terminal.onData(data => {
      this.#type(data)
    })
    terminal.onResize(() => {
      this.#row = 0
    })
    this.#draw()
  }

  /** Prints output that is for this terminal. */
  receive(outputs: readonly TerminalOutput[]): void {
    for (const output of outputs) {
      if (output.terminal !== this.#id) continue
      if (output.text !== '') this.#print(output.text)
      if (output.done) this.#finish(output.done.prompt)
    }
  }

  /** The session went to another time: what ran there is no more. */
  rewound(words: string): void {
    if (this.#line.history.length === 0) return // Nothing was done here: there is nothing to be surprised about.
    this.#running = false
    this.#waiting = []
    this.#print(`\u001b[2m— ${words} —\u001b[0m\n`)
    this.#draw()
  }

  #type(data: string): void {
    const { line, effects } = feed(this.#line, data)
    if (effects.length === 0) {
      this.#line = line
      if (!this.#running) this.#draw()
      return
    }
    for (const { what, text } of effects) {
      if (what === 'enter') this.#enter(text)
      else if (what === 'interrupt') this.#interrupt()
      else if (what === 'clear') this.#clear()
      else if (what === 'complete' && !this.#running) void this.#complete(text)
    }
    this.#line = line
    if (!this.#running) this.#draw()
  }

  #enter(text: string): void {
    if (this.#running) {
      this.#waiting.push(text)
      return
    }
    this.#line = { ...this.#line, chars: [...text], cursor: text.length }
    this.#draw()
    this.#terminal.write('\r\n')
    this.#row = 0
    if (text.trim() === '') return
    this.#running = true
    sendInput({ type: 'shell', terminal: this.#id, line: text }).catch((error: unknown) => {
      reportError(error)
      this.#finish(this.#prompt)
    })
  }

  #interrupt(): void {
    this.#terminal.write('^C')
    this.#waiting = []
    if (this.#running) sendInput({ type: 'interrupt', terminal: this.#id }).catch(reportError)
    else {
      this.#terminal.write('\r\n')
      this.#row = 0
    }
  }

  #clear(): void {
    this.#terminal.write('\u001b[2J\u001b[3J\u001b[H')
    this.#row = 0
  }

  async #complete(text: string): Promise<void> {
    try {
      const candidates = await ask({ ask: 'complete', terminal: this.#id, line: text })
      const { insert: added, choices } = completionOf(text, candidates)
      if (this.#running) return
      if (choices.length > 0) {
        this.#terminal.write(`\r\n${columnsOfWords(choices, this.#terminal.cols).join('\r\n')}\r\n`)
        this.#row = 0
      }
      this.#line = insert(this.#line, added)
      this.#draw()
    } catch (error) {
      reportError(error)
    }
  }

  #finish(prompt: string): void {
    this.#running = false
    this.#prompt = prompt
    this.#draw()
    const next = this.#waiting.shift()
    if (next === undefined) return
    const rest = this.#line
    this.#enter(next)
    this.#line = rest
  }

  /** Prints above the line that is being edited. */
  #print(text: string): void {
    const up = this.#row > 0 ? `\u001b[${this.#row}A` : ''
    const start = this.#running ? '' : `${up}\r\u001b[J`
    this.#terminal.write(start + text.replaceAll(/\r?\n/g, '\r\n'))
    this.#row = 0
  }

  /** Writes prompt and line anew, over however many rows they take, and puts the cursor in its place. */
  #draw(): void {
    const { cols } = this.#terminal
    const up = this.#row > 0 ? `\u001b[${this.#row}A` : ''
    const before = textWidth(this.#prompt) + textWidth(this.#line.chars.slice(0, this.#line.cursor).join(''))
    const whole = textWidth(this.#prompt) + textWidth(textOf(this.#line))
    const endRow = Math.floor(whole / cols)
    const cursorRow = Math.floor(before / cols)
    // At the last column the terminal waits with the wrap; a blank and a return make it wrap now.
    const wrap = whole > 0 && whole % cols === 0 ? ' \r' : ''
    const back = endRow > cursorRow ? `\u001b[${endRow - cursorRow}A` : ''
    const column = before % cols
    const right = column > 0 ? `\u001b[${column}C` : ''
    this.#terminal.write(`${up}\r\u001b[J${this.#prompt}${textOf(this.#line)}${wrap}${back}\r${right}`)
    this.#row = cursorRow
  }
}
