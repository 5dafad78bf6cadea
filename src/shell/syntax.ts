/**
 * The syntax tree of a shell script: plain frozen data, so that a running shell's frames can point into it and a
 * checkpoint shares it. Grammar of POSIX sh with bash's common extensions.
 */
export type Node =
  | {
      readonly type: 'command'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly type: 'pipeline'; readonly negated: boolean; readonly stages: readonly Node[] }
  | { readonly type: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly type: 'list'; readonly items: readonly ListItem[] }
  | { readonly type: 'group'; readonly body: Node; readonly redirects: readonly Redirect[] }
  | { readonly type: 'subshell'; readonly body: Node; readonly redirects: readonly Redirect[] }
  | {
      readonly type: 'if'
      readonly branches: readonly Branch[]
      readonly otherwise: Node | undefined
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'while'
      readonly until: boolean
      readonly test: Node
      readonly body: Node
      /** What follows each round: the third part of `for ((…))`. */
      readonly after?: Node
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'for'
      readonly name: string
      readonly words: readonly Word[] | undefined
      readonly body: Node
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'case'
      readonly word: Word
      readonly arms: readonly Arm[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly type: 'function'; readonly name: string; readonly body: Node }
  /** `((…))`: true when the value is not 0. */
  | { readonly type: 'calculation'; readonly word: Word; readonly redirects: readonly Redirect[] }
  /** What stands between `[[` and `]]`: words and operators in order. */
  | { readonly type: 'condition'; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }

export interface ListItem {
  readonly node: Node
  /** Ended by `&`: runs in the background. */
  readonly background: boolean
}

export interface Branch {
  readonly test: Node
  readonly body: Node
}

export interface Arm {
  readonly patterns: readonly Word[]
  readonly body: Node | undefined
}

export interface Assignment {
  readonly name: string
  readonly value: Word
  readonly append: boolean
}

export interface Redirect {
  readonly fd: number
  readonly operator: '<' | '>' | '>>' | '>&' | '<&' | '<<' | '<<<'
  /** Target; the text of a here-document. */
  readonly word: Word
  /** `&>`: stderr goes where stdout goes. */
  readonly both: boolean
}

/** A word before expansion: its parts stand next to each other. */
export type Word = readonly Part[]

export type Part =
  /** Text as it is; quoted text is neither split nor matched against files. */
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly type: 'parameter'; readonly name: string; readonly quoted: boolean; readonly operation?: Operation }
  | { readonly type: 'substitution'; readonly script: Node; readonly quoted: boolean }
  | { readonly type: 'arithmetic'; readonly expression: string; readonly quoted: boolean }

/** What stands after the name in `${name…}`. */
export interface Operation {
  readonly operator: '-' | ':-' | '=' | ':=' | '+' | ':+' | '?' | ':?' | '#' | '##' | '%' | '%%' | '/' | '//' | 'length'
  readonly word: Word
  /** For `/` and `//`: what replaces the match. */
  readonly replacement?: Word
}
