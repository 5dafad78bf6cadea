import type { Locator, Page } from '@playwright/test'
import { readLink } from '../src/protocol/link.ts'
import type { SessionRecord } from '../src/protocol/messages.ts'
import { expect } from './podscape.ts'

/** What a link of the page holds. */
export function recordOf(link: string): SessionRecord {
  const reading = readLink(link.slice(link.indexOf('#s=') + 3))
  if (!reading.ok) throw new Error('the page made a link that it cannot read')
  return reading.record
}

/** The page as somebody uses it who sits before it. */
export class Lab {
  constructor(readonly page: Page) {}

  /** Opens the page, takes the hint of the first visit away, and waits until all four machines are Ready. */
  async open(path = './'): Promise<void> {
    await this.page.goto(path)
    await this.page.getByRole('button', { name: 'Got it' }).click()
    await this.booted()
  }

  async booted(): Promise<void> {
    for (const name of ['m-k8s', 'w1-k8s', 'w2-k8s', 'w3-k8s']) {
      await expect(this.item(`machine/${name}`)).toHaveAttribute('aria-label', /Ready/)
    }
  }

  /** Something on the graph, by its id. */
  item(id: string): Locator {
    return this.page.locator(`[data-item="${id}"]`)
  }

  /** Pods on the graph whose name begins so, in a state. */
  pods(name: string, state: RegExp | string = ''): Locator {
    const all = this.page.locator(`[data-item^="pod/"][aria-label*=" ${name}"]`)
    return state === '' ? all : all.and(this.page.locator(`[aria-label*="${String(state)}"]`))
  }

  /** Replaces the text of the editor by typing, line for line, and presses Apply. */
  async applyByTyping(yaml: string): Promise<void> {
    const { page } = this
    await this.editorReady()
    await page.locator('.monaco-editor .view-lines').first().click()
    await expect(page.locator('.monaco-editor.focused')).toBeVisible()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    await this.editorHolds('')
    for (const [index, line] of yaml.trimEnd().split('\n').entries()) {
      if (index > 0) await page.keyboard.insertText('\n')
      await page.keyboard.press('Shift+Home') // The editor indents by itself; the line brings its own.
      await page.keyboard.insertText(line)
    }
    await this.editorHolds(yaml.trimEnd())
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
  }

  /** Monaco is the largest part of the page and comes after the cluster has booted. */
  async editorReady(): Promise<void> {
    await this.page.locator('.monaco-editor .view-line').first().waitFor()
  }

  /** Waits until the page has taken in what was typed: what it would apply is what it keeps. */
  private async editorHolds(text: string): Promise<void> {
    const kept = (): Promise<string> =>
      this.page.evaluate(() => {
        const { state } = JSON.parse(localStorage.getItem('podscape-documents') ?? '{}') as {
          state?: { active: number; documents: { id: number; text: string }[] }
        }
        return state?.documents.find(each => each.id === state.active)?.text.trimEnd() ?? 'nothing is open'
      })
    await expect.poll(kept).toBe(text)
  }

  /** Drops a file on the graph. */
  async drop(name: string, text: string): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ([fileName, content]) => {
        const data = new DataTransfer()
        data.items.add(new File([content], fileName, { type: 'application/yaml' }))
        return data
      },
      [name, text] as const,
    )
    const graph = this.page.locator('.react-flow')
    for (const type of ['dragenter', 'dragover', 'drop']) await graph.dispatchEvent(type, { dataTransfer: transfer })
  }

  /** Enters a command in the terminal and returns what it printed, once it is done. Nine lines can be read. */
  async run(command: string, timeout = 60_000): Promise<string> {
    const { page } = this
    const number = this.commands++
    const mark = `done-${String(number)}`
    const typed = `echo 'done'-${String(number)}` // What is typed is no line like the one that it prints.
    await page.locator('.xterm').first().click()
    await expect(page.locator('.xterm.focus')).toBeVisible()
    await page.keyboard.press('Control+L')
    await this.paste(`${command}; echo; ${typed}`) // Not everything that prints ends its line.
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await this.terminalLines()).map(line => line.trimEnd()), { timeout }).toContain(mark)
    const lines = await this.terminalLines()
    const end = lines.findLastIndex(line => line.trimEnd() === mark)
    // A long command goes over several lines.
    const begin = lines.findIndex((_, index) =>
      lines
        .slice(0, index + 1)
        .join('')
        .includes(typed),
    )
    return lines
      .slice(begin + 1, end)
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  /** Pastes into what has the focus: a long command key by key would be most of the time of a test. */
  private async paste(text: string): Promise<void> {
    await this.page.locator(':focus').evaluate((element, pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  }

  private async terminalLines(): Promise<string[]> {
    const rows = await this.page.locator('.xterm-rows').first().locator('> div').allTextContents()
    return rows.map(line => line.replaceAll('\u00a0', ' '))
  }

  /** Stops time and returns the link of this moment with the digest that stands beside it. Time stays stopped. */
  async share(): Promise<{ link: string; digest: string }> {
    const { page } = this
    await this.pause()
    await page.getByRole('button', { name: 'Share' }).click()
    const link = await page.getByRole('textbox', { name: 'Share this cluster' }).inputValue()
    const digest = await page.locator('[data-digest]').innerText()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    return { link, digest }
  }

  async pause(): Promise<void> {
    await this.page.getByRole('button', { name: 'Pause' }).click()
    await expect(this.page.getByRole('button', { name: 'Play' })).toBeVisible()
  }

  async play(): Promise<void> {
    await this.page.getByRole('button', { name: 'Play' }).click()
    await expect(this.page.getByRole('button', { name: 'Pause' })).toBeVisible()
  }

  /** The moment that the page shows, in ms since 1970. */
  async now(): Promise<number> {
    return this.timeline('aria-valuenow')
  }

  /** Presses a key on the timeline while time is stopped, and waits until the page is at the moment that it leads to. */
  async travel(key: 'Home' | 'End' | 'PageDown' | 'PageUp'): Promise<void> {
    const wanted = {
      Home: await this.timeline('aria-valuemin'),
      End: await this.timeline('aria-valuemax'),
      PageDown: (await this.now()) - 10_000,
      PageUp: (await this.now()) + 10_000,
    }[key]
    await this.slider().press(key)
    await expect.poll(async () => Math.abs((await this.now()) - wanted)).toBeLessThan(2)
  }

  private slider(): Locator {
    return this.page.getByRole('slider', { name: 'Moment of the cluster' })
  }

  private async timeline(value: 'aria-valuemin' | 'aria-valuemax' | 'aria-valuenow'): Promise<number> {
    return Number(await this.slider().getAttribute(value))
  }

  /** Lets time pass as fast as the page can, or at its natural pace. */
  async fastest(): Promise<void> {
    await this.page.getByRole('slider', { name: 'Speed' }).focus()
    await this.page.keyboard.press('End')
  }

  async normalSpeed(): Promise<void> {
    await this.page.getByTitle('Back to real time').click()
  }

  private commands = 1
}
