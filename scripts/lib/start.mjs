import { spawn } from 'node:child_process'
import { buildIfStale } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './run.mjs'

/** Installs and builds what is missing or stale, serves the page and opens it where there is a desktop. */
export async function start() {
  await ensureInstalled()
  const code = await buildIfStale()
  if (code !== 0) process.exit(code)

  const { preview } = await import('vite') // Not before the installation: on a fresh clone it does not exist.
  const server = await preview({ root, logLevel: 'warn', preview: { open: false } }) // Takes the next port if 4173 is taken.
  const url = server.resolvedUrls?.local[0]
  console.log(`\n  Podscape is at ${url}\n  Press Ctrl+C to stop it.\n`)
  open(url)
}

/** Opens the page with what this desktop has for it; a machine without one prints the URL and that is all. */
function open(url) {
  const { BROWSER, CI, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (BROWSER === 'none' || CI || !process.stdout.isTTY) return
  const [command, ...args] = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  }[process.platform] ?? ['xdg-open', url]
  if (command === 'xdg-open' && !DISPLAY && !WAYLAND_DISPLAY) return
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {}) // No opener installed: the URL is on the screen.
    .unref()
}
