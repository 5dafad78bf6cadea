// Writes src/api/generated: see README.md.
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RawTypes, servedTypes } from './facts.ts'
import { interfaceModules } from './interfaces.ts'
import { servedPackages } from './served.ts'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', 'generated')

/** Leaves a file alone that would not change, so that tools that watch it are not woken. */
function write(file: string, text: string): void {
  const path = join(target, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  writeFileSync(path, text)
}

const facts: { types: RawTypes } = JSON.parse(readFileSync(join(here, 'list-semantics.json'), 'utf8'))
const types = servedTypes(facts.types, servedPackages)
mkdirSync(target, { recursive: true })
for (const [module, text] of interfaceModules(types)) write(`${module}.ts`, text)
