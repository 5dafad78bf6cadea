import type { Mount } from '../cri/cri.ts'
import type { Image } from './image.ts'
import type { FileSystem } from './program.ts'
import type { Container, RuntimeState } from './state.ts'

/** Where a path of a container leads: a volume's or the machine's files, or the container's own over its image's. */
interface Place {
  readonly files: Map<string, string> | undefined
  readonly path: string
  readonly readOnly: boolean
  /** The place where a volume is mounted, which is there even if the volume is empty. */
  readonly isRoot: boolean
}

/** Told when a container changed a file of the machine. */
export type HostFileChanged = (path: string) => void

/**
 * A container's view of its files. Directories are what has files below it, or was made: such a one is kept as a key
 * that ends in a slash.
 */
export function fileSystem(
  state: RuntimeState,
  container: Container,
  image: Image,
  hostFileChanged: HostFileChanged,
): FileSystem {
  const { overlay, config } = container
  const mounts = [...config.mounts].sort((a, b) => b.containerPath.length - a.containerPath.length)

  function placeOf(path: string): Place {
    for (const mount of mounts) {
      const below = relativeTo(path, mount.containerPath)
      if (below !== undefined) return placeIn(state, mount, below)
    }
    return { files: undefined, path, readOnly: false, isRoot: false }
  }

  function read(raw: string): string | undefined {
    const { files, path } = placeOf(normalize(raw))
    if (files) return files.get(path)
    const own = overlay.get(path)
    return own === undefined ? image.files?.[path] : (own ?? undefined)
  }

  function write(raw: string, text: string): void {
    const { files, path, readOnly } = placeOf(normalize(raw))
    if (readOnly) return
    if (!files) {
      overlay.set(path, text)
      return
    }
    files.set(path, text)
    if (files === state.hostFiles) hostFileChanged(path)
  }

  function remove(raw: string): boolean {
    const { files, path, readOnly } = placeOf(normalize(raw))
    if (readOnly) return false
    if (!files) {
      const isThere = read(path) !== undefined || overlay.has(`${path}/`)
      overlay.delete(`${path}/`)
      if (image.files?.[path] === undefined) overlay.delete(path)
      else overlay.set(path, null)
      return isThere
    }
    const isThere = files.delete(path) || files.delete(`${path}/`)
    if (isThere && files === state.hostFiles) hostFileChanged(path)
    return isThere
  }

  function list(raw: string): readonly string[] | undefined {
    const directory = normalize(raw)
    const { files, path, isRoot } = placeOf(directory)
    if (files) return namesIn(path, files.keys(), isRoot)
    const own = [...overlay].flatMap(([file, text]) => (text === null ? [] : [file]))
    const inherited = Object.keys(image.files ?? {}).filter(file => overlay.get(file) !== null)
    const mounted = config.mounts.map(mount => `${normalize(mount.containerPath)}/`)
    return namesIn(directory, [...inherited, ...own, ...mounted], directory === '/')
  }

  return {
    read,
    write,
    append: (path, text) => write(path, (read(path) ?? '') + text),
    remove,
    list,
    isDirectory: path => read(path) === undefined && list(path) !== undefined,
    makeDirectory(raw) {
      const { files, path, readOnly } = placeOf(normalize(raw))
      if (readOnly) return
      if (files) files.set(`${path}/`, '')
      else overlay.set(`${path}/`, '')
    },
  }
}

/** Names right below a directory, or undefined when no path says that it is there. */
function namesIn(directory: string, paths: Iterable<string>, isKnown: boolean): string[] | undefined {
  const names = new Set<string>()
  let isThere = isKnown
  for (const path of paths) {
    const isDirectory = path.endsWith('/')
    const below = relativeTo(isDirectory ? path.slice(0, -1) : path, directory)
    if (below === undefined) continue
    if (below !== '') names.add(below.slice(1).split('/')[0] ?? '')
    isThere ||= below !== '' || isDirectory
  }
  return isThere ? [...names].sort() : undefined
}

function placeIn(state: RuntimeState, mount: Mount, below: string): Place {
  const { source, readOnly } = mount
  const inside = mount.subPath === undefined ? below : `${normalize(mount.subPath)}${below}`
  if ('hostPath' in source) {
    return { files: state.hostFiles, path: normalize(`${source.hostPath}${inside}`), readOnly, isRoot: below === '' }
  }
  let files = state.volumes.get(source.volumeId)
  if (!files) state.volumes.set(source.volumeId, (files = new Map()))
  return { files, path: inside, readOnly, isRoot: below === '' }
}

/** What is left of a path below a directory: '' for itself, '/x' below it, undefined elsewhere. */
function relativeTo(path: string, directory: string): string | undefined {
  const root = directory === '/' ? '' : directory.replace(/\/$/, '')
  if (path === root) return ''
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined
}

/** An absolute path without `.`, `..`, doubled or final slashes. */
export function normalize(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}
