import react from '@vitejs/plugin-react'
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'

export default defineConfig({
  base: './', // The built page works from any folder of any host.
  plugins: [react(), contentSecurityPolicy(), pageBesideEngine()],
  resolve: {
    alias: [
      // monaco-yaml imports the paths of older Monaco; 0.57's export map serves the same files one level up.
      { find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' },
    ],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // No data: URLs, so the policy below stays short.
    // Monaco and xterm are lazy because they are imported dynamically, and only so: a chunk gathered by hand drew shared
    // modules into Monaco's, and with them all of Monaco into the first load. scripts/size.mjs measures that load.
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  preview: { host: '127.0.0.1', port: 4173 },
  server: { host: '127.0.0.1' },
})

/**
 * The policy of the built page: its own files and nothing else, no inline script, no eval (D12). WebAssembly is for
 * the sandbox of custom operators; connections to this machine are for a real cluster behind `npm run serve`.
 * The development server needs inline scripts for hot reload, so it goes without.
 */
function contentSecurityPolicy(): Plugin {
  const policy = [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'", // Monaco, xterm and React Flow set style attributes.
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self' http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:*",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return {
    name: 'podscape-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
  }
}

/**
 * The first script starts the engine and then imports the page (src/ui/main.ts): naming the page's chunks in index.html
 * lets the browser fetch them at once, and its styles before anything is drawn.
 */
function pageBesideEngine(): Plugin {
  return {
    name: 'podscape-page-beside-engine',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {}, chunk: entry }) => {
        const page = entry?.dynamicImports.map(name => bundle[name]).find(each => each?.type === 'chunk')
        if (page?.type !== 'chunk') throw new Error('src/ui/main.ts imports no page')
        const scripts = [page.fileName, ...page.imports.filter(name => name !== entry?.fileName)]
        const styles = scripts.flatMap(name => {
          const each = bundle[name]
          return each?.type === 'chunk' ? [...(each.viteMetadata?.importedCss ?? [])] : []
        })
        const link = (rel: string, name: string): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel, crossorigin: true, href: `./${name}` },
          injectTo: 'head',
        })
        return [...scripts.map(name => link('modulepreload', name)), ...styles.map(name => link('stylesheet', name))]
      },
    },
  }
}
