import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// Dependencies point inward: each folder names what it must not import.
const zones = {
  protocol: ['gateway', 'safety', 'mt5', 'audit', 'security', 'brain', 'control', 'desktop', 'config'],
  mt5: ['gateway', 'safety', 'audit', 'security', 'brain', 'control', 'desktop', 'config'],
  audit: ['gateway', 'safety', 'mt5', 'security', 'brain', 'control', 'desktop', 'config'],
  safety: ['gateway', 'security', 'brain', 'control', 'desktop', 'config', 'mt5/paper', 'mt5/terminal'],
  gateway: ['brain', 'control', 'desktop', 'mt5/paper', 'mt5/terminal'],
  brain: ['gateway', 'safety', 'mt5', 'audit', 'control', 'desktop', 'config'],
  config: ['gateway', 'safety', 'audit', 'brain', 'control', 'desktop', 'mt5/paper', 'mt5/terminal'],
  control: ['brain', 'desktop'],
  desktop: ['brain'],
};
const nativeHomes = {
  zeromq: ['main/gateway/**', 'main/security/**', 'main/brain/**'],
  'better-sqlite3': ['main/audit/**'],
  electron: ['main/desktop/**', 'main/control/ipc.ts', 'preload/**'],
};

const native = Object.keys(nativeHomes);

/** Rules of one folder of main/: which siblings and which native packages it may not import. */
function zone(folder, siblings) {
  const barred = native.filter((name) => !nativeHomes[name].some((glob) => glob.startsWith(`main/${folder}/`)));
  return {
    files: [`main/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: barred.map((name) => ({
            name,
            message: `${name} is imported only in ${nativeHomes[name].join(', ')}`,
          })),
          patterns: siblings.map((name) => ({
            group: [`**/${name}/**`],
            message: `main/${folder} must not depend on main/${name}`,
          })),
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/**', 'screenshots/**', 'node_modules/**', 'docs/examples/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-empty-function': 'off',
      'no-console': 'error',
    },
  },
  ...Object.entries(zones).map(([folder, siblings]) => zone(folder, siblings)),
  {
    files: ['main/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: native.map((name) => ({ name })) }] },
  },
  {
    files: ['renderer/**/*.{ts,tsx}', 'test/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules },
  },
  {
    // The screen knows the control contract and its texts, and nothing else of main/.
    files: ['renderer/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: native.map((name) => ({ name })),
          patterns: [
            {
              regex: '/main/(?!control/(?:contract|frames|text/))',
              message: 'renderer/ knows only main/control/contract, frames and text',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' },
  },
);
