/// <reference types="vitest/config" />
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

const nodeModules = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
const native = ['zeromq', 'better-sqlite3', 'electron'];

/** Options that the two Node bundles share; what is native stays outside, everything else goes in. */
function nodeBundle(input: Record<string, string>, format: 'es' | 'cjs', fileNames: string, chunkNames: string) {
  return {
    consumer: 'server' as const,
    resolve: { noExternal: true as const, external: native },
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'node22',
      minify: false,
      sourcemap: false,
      ssr: true,
      rolldownOptions: {
        input,
        external: [...nodeModules, ...native, './brain.cjs'],
        // What the chunks share stays out of what the entry exports.
        preserveEntrySignatures: 'strict' as const,
        output: { format, entryFileNames: fileNames, chunkFileNames: chunkNames },
      },
    },
  };
}

/** Escapes what is not ASCII: one other character in a file and V8 keeps all of its source at two bytes a character. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  // Not in renderChunk: the bundler prints string literals anew after that.
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escaped(file.code);
  },
};

function escaped(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The renderer is a page of its own: its root is its folder, and its packages all go in. */
async function buildRenderer(): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'renderer'),
    logLevel: 'warn',
    base: './',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: join(import.meta.dirname, 'dist/renderer'),
      emptyOutDir: true,
      // Electron's and the panel's browsers are new.
      target: 'chrome140',
      modulePreload: { polyfill: false },
      // A data: font or script would need a wider content security policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
    },
  });
}

export default defineConfig({
  plugins: [asciiOnly],
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'client' && environment.name !== 'ssr') await builder.build(environment);
      }
      await buildRenderer();
    },
  },
  environments: {
    main: nodeBundle(
      {
        'mt5-fabric': 'main/index.ts',
        'audit-writer': 'main/audit/writer-worker.ts',
        'audit-reader': 'main/audit/reader-worker.ts',
        'machine-worker': 'main/control/machine/machine-worker.ts',
      },
      'es',
      '[name].js',
      'chunks/[name].js',
    ),
    brain: nodeBundle({ brain: 'main/brain/index.ts' }, 'cjs', '[name].cjs', 'brain.[name].cjs'),
    // A sandboxed preload can require nothing of its own: one file, CommonJS.
    preload: nodeBundle({ preload: 'preload/index.ts' }, 'cjs', '[name].cjs', 'preload.[name].cjs'),
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    // The package would download its runtime on import.
    alias: { electron: join(import.meta.dirname, 'test/desktop/electron-stand-in.ts') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real processes, sockets and compilers share two cores: what a starved machine breaks is played once more.
    retry: 1,
    pool: 'forks',
    maxWorkers: 2,
  },
});
