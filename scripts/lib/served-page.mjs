import { chromium } from '@playwright/test'
import { preview } from 'vite'
import { browserArgs, findBrowser } from './browser.mjs'
import { freePort } from './free-port.mjs'
import { root } from './run.mjs'

/**
 * Serves dist/ and hands `work` a browser context with its address, for measurements and screenshots. Everything is
 * stopped afterwards, also when `work` throws.
 *
 * @template T
 * @param {(served: { context: import("@playwright/test").BrowserContext, url: string }) => Promise<T>} work
 * @param {import("@playwright/test").BrowserContextOptions} [contextOptions]
 * @returns {Promise<T>}
 */
export async function withServedPage(work, contextOptions = {}) {
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: { port: await freePort(), strictPort: true, open: false },
  })
  try {
    const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArgs })
    try {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...contextOptions })
      return await work({ context, url: server.resolvedUrls.local[0] })
    } finally {
      await browser.close()
    }
  } finally {
    await server.close()
  }
}
