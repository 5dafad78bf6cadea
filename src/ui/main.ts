import { startEngine } from './session/make-port.ts'

/**
 * The first script of the page, and a small one: the engine is the longest way to the first picture, so its worker is on
 * the way before anything of the page is read. The page itself is one import away; index.html names it, too, so the
 * browser fetches the two side by side (vite.config.ts).
 */
startEngine()

const root = document.getElementById('root')
if (root) void import('./page.tsx').then(({ startPage }) => startPage(root))
