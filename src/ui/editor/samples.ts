import { samples as texts } from '../../api/samples.ts'

export interface Sample {
  readonly name: string
  /** The kinds in it, for the menu. */
  readonly kinds: string
  readonly text: string
}

/** Manifests to start from: those that lie in the home directory of the workstation, so `kubectl apply -f` finds them too. */
export const samples: readonly Sample[] = Object.entries(texts).map(([name, text]) => ({
  name,
  kinds: [...text.matchAll(/^kind: (.+)$/gm)].map(match => match[1]).join(', '),
  text,
}))
