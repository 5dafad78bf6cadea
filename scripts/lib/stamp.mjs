import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run.mjs'

/** A digest of the files and folders named: their paths and contents, so that a checkout with new mtimes is not stale. */
export function digest(paths, { skip = () => false, also = [], base = root } = {}) {
  const hash = createHash('sha256')
  for (const text of also) hash.update(`${text}\0`)
  for (const path of paths.flatMap(path => filesUnder(path, base)).filter(path => !skip(path))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(base, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Whether the stamp holds this digest: nothing changed since it was written. */
export function isFresh(stamp, digest) {
  const file = join(root, stamp)
  return existsSync(file) && readFileSync(file, 'utf8').trim() === digest
}

/** Writes the digest down once the work it stands for has succeeded. */
export function writeStamp(stamp, digest) {
  const file = join(root, stamp)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${digest}\n`)
}

function filesUnder(path, base) {
  const full = join(base, path)
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full)
    .sort()
    .flatMap(name => filesUnder(`${path}/${name}`, base))
}
