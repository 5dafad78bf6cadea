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

  /** Opens the page and waits until all four machines are Ready. */
  async open(path = './'): Promise<void> {
    await this.page.goto(path)
    await this.booted()
  }

  async booted(): Promise<void> {
    for (const name of ['m-k8s', 'w1-k8s', 'w2-k8s', 'w3-k8s']) {
      await expect(this.item(`machine/${name}`)).toHaveAttribute('aria-label', /Ready/, { timeout: 60_000 })
    }
    const hint = this.page.getByRole('button', { name: 'Got it' })
    if (await hint.isVisible()) await hint.click()
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
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 30_000 })
    await page.locator('.monaco-editor .view-lines').first().click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    for (const [index, line] of yaml.trimEnd().split('\n').entries()) {
      if (index > 0) await page.keyboard.insertText('\n')
      await page.keyboard.press('Shift+Home') // The editor indents by itself; the line brings its own.
      await page.keyboard.insertText(line)
    }
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
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

  /** Types a command into the terminal and returns what it printed, once it is done. Nine lines can be read. */
  async run(command: string, timeout = 30_000): Promise<string> {
    const { page } = this
    const mark = `done-${String(this.commands++)}`
    await page.locator('.xterm').first().click()
    await page.keyboard.press('Control+L')
    await page.keyboard.type(`${command}; echo; echo ${mark}`) // Not everything that prints ends its line.
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await this.terminalLines()).map(line => line.trimEnd()), { timeout }).toContain(mark)
    const lines = await this.terminalLines()
    const end = lines.findLastIndex(line => line.trimEnd() === mark)
    // A long command goes over several lines.
    const begin = lines.findIndex((_, index) =>
      lines
        .slice(0, index + 1)
        .join('')
        .includes(`echo ${mark}`),
    )
    return lines
      .slice(begin + 1, end)
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  private async terminalLines(): Promise<string[]> {
    const rows = await this.page.locator('.xterm-rows').first().locator('> div').allTextContents()
    return rows.map(line => line.replaceAll('\u00a0', ' '))
  }

  /** Stops time and returns the link of this moment with the digest that stands beside it. */
  async share(): Promise<{ link: string; digest: string }> {
    const { page } = this
    const pause = page.getByRole('button', { name: 'Pause' })
    if (await pause.isVisible()) await pause.click()
    await page.getByRole('button', { name: 'Share' }).click()
    const link = await page.getByRole('textbox', { name: 'Share this cluster' }).inputValue()
    const digest = await page.locator('[data-digest]').innerText()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Play' }).click()
    return { link, digest }
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
