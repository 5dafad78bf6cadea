import { align, describeTabs } from '../printers/tabwriter.ts'

/** What a describer writes on: lines by their level, cells with tabs between, aligned at the end. */
export class Page {
  private done = ''
  private open = ''

  /** A line, indented by two blanks a level. */
  line(level: number, text: string): void {
    this.open += `${'  '.repeat(level)}${text}\n`
  }

  /** Text as it is, without a break. */
  put(text: string): void {
    this.open += text
  }

  /** What follows is aligned for itself. */
  flush(): void {
    this.done += align(this.open, describeTabs)
    this.open = ''
  }

  /** The whole text. */
  text(): string {
    this.flush()
    return this.done
  }

  /** What was written since the last alignment, tabs and all. */
  raw(): string {
    return this.open
  }
}
