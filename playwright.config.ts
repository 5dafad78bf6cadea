import { defineConfig, devices } from '@playwright/test'
import { browserArgs } from './scripts/lib/browser.mjs'

// scripts/e2e.mjs builds the page, finds the browser and a free port, and hands both over here.
const port = Number(process.env.PODSCAPE_PORT ?? 4183)
const executablePath = process.env.PODSCAPE_CHROMIUM

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Limits for what hangs, not for what is slow: a loaded machine takes several times as long as a free one.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  workers: 2,
  retries: 0, // A test that passes on the second try has found something.
  forbidOnly: true,
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    // Pictures and snapshots of every step cost a third of the time: `npm run e2e -- --trace on` makes them when wanted.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { args: browserArgs, ...(executablePath ? { executablePath } : {}) },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort --logLevel warn`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
})
