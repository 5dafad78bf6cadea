import type { Terminal } from '@xterm/xterm'
import type { TerminalOutput } from '../../protocol/messages.ts'
import { ask, reportError, sendInput } from '../session/session.ts'
import { columnsOfWords, completionOf } from './completion.ts'
import { emptyLine, feed, insert, type Line, textOf } from './line-editor.ts'
import { textWidth } from './width.ts'

/** The prompt of a fresh shell on the workstation; after the first command the session says what it is. */
const firstPrompt = '[root@workstation ~]# '

/** What moves the cursor or colours text: it takes no room. */
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g

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
  /** What the program that runs reads: lines, or keys as they are pressed. */
  #reads: 'line' | 'keys' | undefined
  /** What the program has printed since its last end of a line: what a line that it reads begins behind. */
  #tail = ''
  #waiting: string[] = []
  /** The last thing printed says where time went: a scrubber goes to many moments, and only the last one matters. */
  #isRewound = false
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
      this.#reads = output.reads
      if (output.done) this.#finish(output.done.prompt)
      else if (this.#isEditing && this.#running) this.#draw()
    }
  }

  /** The session went to another time: what ran there is no more. */
  rewound(words: string): void {
    if (this.#line.history.length === 0) return // Nothing was done here: there is nothing to be surprised about.
    this.#running = false
    this.#reads = undefined
    this.#waiting = []
    this.#print(`\u001b[2m— ${words} —\u001b[0m\n`, this.#isRewound)
    this.#isRewound = true
    this.#draw()
  }

  /** Whether a line is being edited on screen: at the prompt, or for a program that reads lines. */
  get #isEditing(): boolean {
    return !this.#running || this.#reads === 'line'
  }

  #type(data: string): void {
    if (this.#running && this.#reads === 'keys') return this.#send(data)
    const { line, effects } = feed(this.#line, data)
    if (effects.length === 0) {
      this.#line = line
      if (this.#isEditing) this.#draw()
      return
    }
    for (const { what, text } of effects) {
      if (what === 'enter') this.#enter(text)
      else if (what === 'interrupt') this.#interrupt()
      else if (what === 'clear') this.#clear()
      else if (what === 'end') this.#end()
      else if (what === 'complete' && !this.#running) void this.#complete(text)
    }
    this.#line = line
    if (this.#isEditing) this.#draw()
  }

  /** Text for the program that runs, or for the shell itself: Ctrl-D at the prompt. */
  #send(text: string): void {
    sendInput({ type: 'type', terminal: this.#id, text }).catch(reportError)
  }

  #end(): void {
    if (!this.#isEditing) return
    this.#terminal.write('\r\n')
    this.#row = 0
    this.#tail = ''
    this.#send('\u0004')
  }

  #enter(text: string): void {
    if (this.#running && this.#reads === undefined) {
      this.#waiting.push(text)
      return
    }
    this.#line = { ...this.#line, chars: [...text], cursor: text.length }
    this.#draw()
    this.#terminal.write('\r\n')
    this.#isRewound = false
    this.#row = 0
    this.#tail = ''
    if (this.#running) return this.#send(`${text}\n`)
    if (text.trim() === '') return
    this.#running = true
    this.#reads = undefined
    sendInput({ type: 'shell', terminal: this.#id, line: text }).catch((error: unknown) => {
      reportError(error)
      this.#finish(this.#prompt)
    })
  }

  #interrupt(): void {
    this.#waiting = []
    if (this.#running) sendInput({ type: 'interrupt', terminal: this.#id }).catch(reportError)
    else {
      this.#terminal.write('^C\r\n')
      this.#row = 0
      this.#tail = ''
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
    this.#reads = undefined
    this.#prompt = prompt
    this.#draw()
    const next = this.#waiting.shift()
    if (next === undefined) return
    const rest = this.#line
    this.#enter(next)
    this.#line = rest
  }

  /** Prints above the line that is being edited, perhaps in place of the line that was printed last. */
  #print(text: string, isInstead = false): void {
    const rows = this.#row + (isInstead ? 1 : 0)
    const up = rows > 0 ? `\u001b[${rows}A` : ''
    this.#isRewound = false
    const start = this.#isEditing && this.#reads !== 'keys' ? `${up}\r\u001b[J${this.#tail}` : ''
    this.#terminal.write(start + text.replaceAll(/\r?\n/g, '\r\n'))
    this.#row = 0
    const whole = (this.#tail + text).replaceAll(escapes, '')
    this.#tail = whole.slice(Math.max(whole.lastIndexOf('\n'), whole.lastIndexOf('\r')) + 1)
  }

  /** Writes prompt and line anew, over however many rows they take, and puts the cursor in its place. */
  #draw(): void {
    const { cols } = this.#terminal
    const prompt = this.#running ? this.#tail : this.#tail + this.#prompt
    const up = this.#row > 0 ? `\u001b[${this.#row}A` : ''
    const before = textWidth(prompt) + textWidth(this.#line.chars.slice(0, this.#line.cursor).join(''))
    const whole = textWidth(prompt) + textWidth(textOf(this.#line))
    const endRow = Math.floor(whole / cols)
    const cursorRow = Math.floor(before / cols)
    // At the last column the terminal waits with the wrap; a blank and a return make it wrap now.
    const wrap = whole > 0 && whole % cols === 0 ? ' \r' : ''
    const back = endRow > cursorRow ? `\u001b[${endRow - cursorRow}A` : ''
    const column = before % cols
    const right = column > 0 ? `\u001b[${column}C` : ''
    this.#terminal.write(`${up}\r\u001b[J${prompt}${textOf(this.#line)}${wrap}${back}\r${right}`)
    this.#row = cursorRow
  }
}
