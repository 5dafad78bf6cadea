import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface PageFile {
  readonly type: string
  read(): Buffer
}

/** The files of the built page, by the path under which they are asked for. What is not in the list is not there. */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const full = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, full).replaceAll('\\', '/')}`
    const file = { type: types[extname(path)] ?? 'application/octet-stream', read: () => readFileSync(full) }
    files.set(path, file)
    if (path === '/index.html') files.set('/', file)
  }
  return files
}
