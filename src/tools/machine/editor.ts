import type { Outcome, ProgramCall, ShellProgram } from '../../shell/host.ts'

/** What an editor asks its host for: to let the user edit a text. The answer is an Edited. */
export interface EditRequest {
  readonly kind: 'edit'
  readonly file: string
  readonly text: string
}

/** What is in the file now: as before when the user went away without saving. */
export interface Edited {
  readonly type: 'edited'
  readonly text: string
}

export function isEditRequest(request: unknown): request is EditRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'edit'
}

function isEdited(answer: unknown): answer is Edited {
  return typeof answer === 'object' && answer !== null && 'type' in answer && answer.type === 'edited'
}

/** vi, vim and nano: the file opens in the editor of whoever sits at the terminal. */
export const editor: ShellProgram = {
  run(call): Outcome {
    const files = call.argv.slice(1).filter(word => !/^[-+]/.test(word))
    const [file] = files
    if (!call.interactive) {
      call.err(`${call.argv[0] ?? 'vi'}: input is not from a terminal\n`)
      return { exit: 1 }
    }
    if (file === undefined) {
      call.err(`${call.argv[0] ?? 'vi'}: name a file to edit\n`)
      return { exit: 1 }
    }
    if (isEdited(call.answer)) return saved(call, file, call.answer.text)
    const path = call.path(file)
    if (call.host.files.isDirectory(path)) {
      call.err(`"${file}" is a directory\n`)
      return { exit: 1 }
    }
    const request: EditRequest = { kind: 'edit', file: path, text: call.host.files.read(path) ?? '' }
    return { wait: 'answer', request }
  },
}

function saved(call: ProgramCall, file: string, text: string): Outcome {
  const path = call.path(file)
  if (text === (call.host.files.read(path) ?? '')) return { exit: 0 }
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  if (!call.host.files.isDirectory(folder)) {
    call.err(`"${file}" E212: Can't open file for writing\n`)
    return { exit: 1 }
  }
  const isNew = call.host.files.read(path) === undefined
  call.host.files.write(path, text)
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  call.out(`"${file}"${isNew ? ' [New]' : ''} ${lines}L, ${text.length}B written\n`)
  return { exit: 0 }
}
