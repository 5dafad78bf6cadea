import { type ComponentDefinition, defineComponent } from '../../sim/component.ts'
import { rootHome } from '../../shell/home.ts'

/** The disk of the workstation: files by absolute path, and directories. Plain data. */
export interface DiskState {
  readonly files: Map<string, string>
  readonly directories: Set<string>
}

/** The component that keeps it, so that a checkpoint holds every file. */
export const diskName = 'disk/workstation'

export const diskDefinition: ComponentDefinition<DiskState> = defineComponent<DiskState>({ type: 'disk', on: {} })

const directories = [
  '/',
  rootHome,
  '/tmp',
  '/etc',
  '/etc/kubernetes',
  '/var',
  '/var/log',
  '/usr',
  '/usr/bin',
  '/home',
  '/dev',
]

/** A disk with these files on it, and the directories that they need. */
export function newDisk(files: Readonly<Record<string, string>>): DiskState {
  const disk: DiskState = { files: new Map(), directories: new Set(directories) }
  const access = filesOf(() => disk)
  for (const [path, text] of Object.entries(files)) {
    access.makeDirectory(parentOf(path))
    access.write(path, text)
  }
  return disk
}

/** Files of a disk as shells and programs use them: absolute paths. */
export function filesOf(disk: () => DiskState): {
  read(path: string): string | undefined
  write(path: string, text: string): void
  append(path: string, text: string): void
  remove(path: string): boolean
  list(path: string): readonly string[] | undefined
  isDirectory(path: string): boolean
  makeDirectory(path: string): void
} {
  return {
    read: path => disk().files.get(path),
    write: (path, text) => void disk().files.set(path, text),
    append: (path, text) => void disk().files.set(path, (disk().files.get(path) ?? '') + text),
    remove: path => disk().files.delete(path) || disk().directories.delete(path),
    isDirectory: path => disk().directories.has(path),
    makeDirectory(path) {
      for (let each = path; !disk().directories.has(each); each = parentOf(each)) disk().directories.add(each)
    },
    list(path) {
      const { files, directories: folders } = disk()
      if (!folders.has(path)) return undefined
      const inside = (each: string): boolean => each !== path && parentOf(each) === path
      const names = [...files.keys(), ...folders].filter(inside).map(each => each.slice(each.lastIndexOf('/') + 1))
      return names.sort()
    },
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
