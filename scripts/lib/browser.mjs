import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { node, run } from './run.mjs'

/** Switches for a browser that runs unattended, as root, and calls nobody. */
export const browserArgs = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Finds a Chromium that really starts, installing one when there is none, and returns the path of its program.
 * Order: PODSCAPE_CHROMIUM, Playwright's own, the PATH, Playwright's download, Debian's package.
 */
export async function findBrowser() {
  const chosen = process.env.PODSCAPE_CHROMIUM
  if (chosen) {
    const problem = await whyNot(chosen)
    if (problem) throw new Error(`PODSCAPE_CHROMIUM is ${chosen}, which does not start: ${problem}`)
    return chosen
  }
  return (await firstThatStarts()) ?? (await download()) ?? (await installPackage()) ?? giveUp()
}

async function firstThatStarts() {
  for (const path of await candidates()) {
    if (!(await whyNot(path))) return path
  }
  return undefined
}

async function candidates() {
  const { chromium } = await import('@playwright/test')
  return [chromium.executablePath(), ...names.flatMap(onPath)].filter(path => existsSync(path))
}

/** Starts the browser and stops it again: a file that exists may still lack a library. Returns the problem, if any. */
async function whyNot(executablePath) {
  const { chromium } = await import('@playwright/test')
  try {
    const browser = await chromium.launch({ executablePath, args: browserArgs, timeout: 60_000 })
    await browser.close()
    return undefined
  } catch (error) {
    return error.message.split('\n')[0]
  }
}

async function download() {
  console.log('No Chromium found; downloading the one of Playwright …')
  const cli = 'node_modules/@playwright/test/cli.js'
  if ((await node(cli, ['install', 'chromium', '--no-shell'], { timeoutMs: 300_000 })) !== 0) return undefined
  const found = await firstThatStarts()
  if (found || !mayInstallPackages()) return found
  await node(cli, ['install-deps', 'chromium'], { timeoutMs: 600_000 }) // The libraries that the download relies on.
  await installKoreanFont()
  return firstThatStarts()
}

async function installPackage() {
  if (!mayInstallPackages()) return undefined
  console.log('Installing the chromium package of this system …')
  await apt('update')
  await apt('install', '-y', '--no-install-recommends', 'chromium')
  await installKoreanFont()
  return firstThatStarts()
}

/** Without such a font Korean is drawn as empty boxes; the tests still run, so a failure here is no reason to stop. */
async function installKoreanFont() {
  await apt('install', '-y', '--no-install-recommends', 'fonts-noto-cjk')
}

function mayInstallPackages() {
  return process.getuid?.() === 0 && onPath('apt-get').length > 0
}

function apt(...args) {
  return run('apt-get', ['-q', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 600_000 })
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders
    .map(folder => join(folder, name))
    .filter(path => existsSync(path))
    .slice(0, 1)
}

function giveUp() {
  throw new Error(
    'No Chromium could be found or installed. Install Chromium or Google Chrome, or run `npx playwright install chromium`, ' +
      'or set PODSCAPE_CHROMIUM to the program of one.',
  )
}
