import type { Image } from './image.ts'
import type { Program } from './program.ts'

/** A program of an image and the name under which the image has it. */
export interface FoundProgram {
  readonly name: string
  readonly program: Program
}

/** Under this name an image has what runs when nothing else is found: images of which nothing is known. */
export const anyProgram = '*'

const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

const known = new WeakMap<Image, Map<string, FoundProgram | undefined>>()

/** What argv[0] finds: a path, or a name that is looked for in PATH, as the kernel and runc do. Images never change. */
export function findProgram(image: Image, argv: readonly string[]): FoundProgram | undefined {
  const [file = ''] = argv
  let ofImage = known.get(image)
  if (!ofImage) known.set(image, (ofImage = new Map()))
  if (ofImage.has(file)) return ofImage.get(file)
  const found = search(image, file)
  ofImage.set(file, found)
  return found
}

function search(image: Image, file: string): FoundProgram | undefined {
  const base = file.slice(file.lastIndexOf('/') + 1)
  const candidates = file.includes('/') ? [file] : [file, ...searchPath.map(directory => `${directory}/${file}`)]
  if (isInSearchPath(file)) candidates.push(base)
  candidates.push(anyProgram)
  for (const name of candidates) {
    const program = Object.hasOwn(image.programs, name) ? image.programs[name] : undefined
    if (program) return { name, program }
  }
  return undefined
}

/** Whether a program that the image lists by its name alone can be called by this path. */
function isInSearchPath(file: string): boolean {
  const directory = file.slice(0, Math.max(file.lastIndexOf('/'), 0))
  return searchPath.includes(directory)
}
