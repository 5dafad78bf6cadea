import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Tests of the page see a DOM; all others run in bare Node, as the engine does in its worker. */
export default defineConfig({
  test: {
    // All cores: a machine that runs tests does nothing else.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'engine',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: ['src/ui/**'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'page',
          environment: 'jsdom',
          include: ['src/ui/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
        },
      },
    ],
  },
})
