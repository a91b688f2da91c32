import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, 'src/web');

/** The page of the console: from src/web to dist/src/web, where the server of the bundle looks for it. */
export default defineConfig({
  root,
  base: '/',
  build: {
    outDir: resolve(import.meta.dirname, 'dist/src/web'),
    emptyOutDir: true,
    target: 'es2022',
    // No inline code and no inline styles: the page's Content-Security-Policy forbids them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
