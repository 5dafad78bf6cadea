/** The texts of one command's help beyond its one-line summary. */
export interface HelpText {
  readonly long: string
  readonly examples?: string
  /** Explanations of flags, where this command words them differently from those that it shares them with. */
  readonly usages?: Readonly<Record<string, string>>
}

/** By path: `kubectl create configmap`. */
export type HelpTexts = Readonly<Record<string, HelpText>>
