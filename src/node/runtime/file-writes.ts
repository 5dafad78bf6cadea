import type { Engine } from './engine.ts'
import { invoke, mainPid } from './lifecycle.ts'
import type { RunningProcess } from './process.ts'

/** What the component of a container's program writes: it is outside of the container, its files are inside. */
export interface FileWrite {
  readonly container: string
  /** `-` for standard output. */
  readonly path: string
  /** Added to what is there. */
  readonly text: string
  /** Where the file that is there is moved to before. */
  readonly moveTo?: string
  readonly remove?: readonly string[]
}

export function writeFile(engine: Engine, write: FileWrite): void {
  const container = engine.state.containers.get(write.container)
  const record = container?.processes.get(mainPid)
  if (!container || !record || container.state !== 'running') return
  invoke(engine, container, record, (_program, process) => {
    carryOut(process, write)
  })
}

function carryOut(process: RunningProcess, { path, text, moveTo, remove = [] }: FileWrite): void {
  const { files } = process
  if (path === '-') {
    process.write(text)
    return
  }
  const old = moveTo === undefined ? undefined : files.read(path)
  if (moveTo !== undefined && old !== undefined) {
    files.write(moveTo, old)
    files.remove(path)
  }
  for (const each of remove) files.remove(each)
  files.append(path, text)
}
