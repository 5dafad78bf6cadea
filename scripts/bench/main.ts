import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { BenchCase, Row } from './row.ts'

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const rows: Row[] = []
let broken = 0

for (const bench of await cases()) {
  const isWanted = positionals.length > 0 ? positionals.some(word => bench.name.includes(word)) : !bench.isLong
  if (!isWanted) continue
  console.log(`── ${bench.name}`)
  try {
    const measured = await bench.run()
    rows.push(...measured)
    for (const row of measured) console.log(line(row))
  } catch (error) {
    broken++
    console.log(`  could not be measured: ${error instanceof Error ? error.message : String(error)}`)
  }
}
if (values.json) {
  const written = rows.map(({ name, value, unit, bar, ok }) => ({
    name,
    value,
    unit,
    bar: bar ?? null,
    ok: ok ?? null,
  }))
  writeFileSync(values.json, `${JSON.stringify(written, null, 2)}\n`)
}
const missed = rows.filter(row => row.ok === false).length
console.log(`${rows.length} figures, ${missed} beyond their bar, ${broken} cases broken`)
process.exit(missed + broken === 0 && rows.length > 0 ? 0 : 1)

/** Every other file of this folder is a case; they run one after another, in the order of their file names. */
async function cases(): Promise<BenchCase[]> {
  const files = readdirSync(new URL('.', import.meta.url)).filter(name => name.endsWith('.ts'))
  const found: BenchCase[] = []
  for (const file of files.filter(name => name !== 'main.ts' && name !== 'row.ts').sort()) {
    const module: unknown = await import(new URL(file, import.meta.url).href)
    if (!isCase(module)) throw new Error(`scripts/bench/${file} must export name and run`)
    found.push(module)
  }
  return found
}

function isCase(module: unknown): module is BenchCase {
  return typeof module === 'object' && module !== null && 'name' in module && 'run' in module
}

function line({ name, value, unit, bar, ok }: Row): string {
  const verdict = ok === undefined ? '' : `  ${ok ? '✓' : '✗'} bar ${figure(bar ?? Number.NaN)}`
  return `  ${name.padEnd(56)} ${figure(value).padStart(12)} ${unit.padEnd(10)}${verdict}`
}

/** Three significant digits, but never fewer than the whole part has. */
function figure(value: number): string {
  return value.toLocaleString('en-US', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4,
  })
}
