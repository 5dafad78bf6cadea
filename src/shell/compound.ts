import { expandPattern, expandWord, expandWords } from './expand.ts'
import { patternToRegExp } from './pattern.ts'
import { nodeFrame } from './processes.ts'
import { redirect } from './redirections.ts'
import { scopeOf } from './scope.ts'
import type { ProcessState } from './state.ts'
import type { NodeFrame, Step } from './step.ts'
import { collect } from './substitution.ts'
import type { Node, Word } from './syntax.ts'

type Compound = Extract<Node, { type: 'group' | 'if' | 'while' | 'for' | 'case' }>

export function advanceCompound(step: Step, frame: NodeFrame, node: Compound): void {
  const { process } = step
  if (!frame.saved) {
    const { redirects } = node
    const words = node.type === 'for' ? (node.words ?? []) : node.type === 'case' ? [node.word] : []
    if (!collect(step, frame, [...words, ...redirects.map(({ word }) => word)])) return
    const saved = redirect(step, frame, redirects)
    if (!saved) {
      process.status = 1
      process.stack.pop()
      return
    }
    frame.saved = saved
    if (saved.length > 0) process.stack.splice(process.stack.length - 1, 0, { type: 'restore', fds: saved })
  }
  switch (node.type) {
    case 'group':
      replace(process, node.body)
      break
    case 'if':
      advanceIf(process, frame, node)
      break
    case 'while':
      advanceWhile(process, frame, node)
      break
    case 'for':
      advanceFor(step, frame, node)
      break
    case 'case':
      replace(process, chosenArm(step, frame, node))
  }
}

/** Even indexes: a test is to be run; odd ones: it has been. */
function advanceIf(process: ProcessState, frame: NodeFrame, node: Extract<Node, { type: 'if' }>): void {
  const branch = node.branches[frame.index >> 1]
  if (!branch) {
    process.status = 0
    replace(process, node.otherwise)
  } else if (frame.index % 2 === 0) {
    frame.index++
    process.stack.push(nodeFrame(branch.test))
  } else if (process.status === 0) replace(process, branch.body)
  else frame.index++
}

function advanceWhile(process: ProcessState, frame: NodeFrame, node: Extract<Node, { type: 'while' }>): void {
  if (frame.index === 2 && node.after) {
    frame.index = 0
    process.stack.push(nodeFrame(node.after))
  } else if (frame.index === 0) {
    frame.index = 1
    process.stack.push(nodeFrame(node.test))
  } else if ((process.status === 0) !== node.until) {
    frame.index = node.after ? 2 : 0
    process.stack.push(nodeFrame(node.body))
  } else {
    process.status = 0
    process.stack.pop()
  }
}

function advanceFor(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'for' }>): void {
  const { process } = step
  frame.loop ??= node.words ? expandWords(node.words, scopeOf(step, frame.substituted)) : [...process.positional]
  const value = frame.loop[frame.index++]
  if (value === undefined) {
    if (frame.index === 1) process.status = 0
    process.stack.pop()
    return
  }
  process.variables.set(node.name, value)
  process.stack.push(nodeFrame(node.body))
}

function chosenArm(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'case' }>): Node | undefined {
  const scope = scopeOf(step, frame.substituted)
  const value = expandWord(node.word, scope)
  step.process.status = 0
  const matches = (word: Word): boolean => patternToRegExp(expandPattern(word, scope)).test(value)
  return node.arms.find(arm => arm.patterns.some(matches))?.body
}

/** The frame on top is done; this node, if any, comes in its place. */
export function replace(process: ProcessState, node: Node | undefined): void {
  process.stack.pop()
  if (node) process.stack.push(nodeFrame(node))
}
