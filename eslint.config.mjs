import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Where promises live: the rules that need types run here only, since they cost most of the time. */
const asynchronous = ['src/ui/**/*.{ts,tsx}', 'src/worker/**/*.ts', 'src/bridge/**/*.ts', 'e2e/**/*.ts']

/**
 * Where a cast is the machinery's business: the two lowest layers give types to plain data, the schema generator reads
 * another package's metadata, and tests and recordings look at values from outside.
 */
const mayCast = [
  'src/machinery/**',
  'src/sim/**',
  'src/api/schema/**',
  'src/testing/**',
  'src/**/*.test.{ts,tsx}',
  'e2e/**',
  'scripts/**',
]

const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Name what is exported: `export *` hides where a thing lives.',
}
const noCast = {
  selector: 'TSAsExpression:not([typeAnnotation.typeName.name="const"]), TSTypeAssertion',
  message:
    'No `as` here: narrow with a guard, or let the machinery give the type. (`as const` and `satisfies` are fine.)',
}

export default defineConfig(
  globalIgnores(['dist/', 'src/api/generated/', 'src/testing/golden/', '**/testdata/', 'test-results/', '.cache/']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': 'off', // The compiler says it.
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-restricted-syntax': ['error', noExportAll, noCast],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
    },
  },
  {
    files: mayCast,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', noExportAll],
    },
  },
  {
    files: ['src/machinery/**', 'src/sim/**'],
    rules: { '@typescript-eslint/no-explicit-any': 'off', eqeqeq: 'off' }, // A quantity's digits are number or bigint.
  },
  {
    files: ['**/*.test.{ts,tsx}', 'e2e/**', 'src/cluster/addons/**'],
    rules: { 'max-lines-per-function': 'off' }, // A describe block is one function, and so is a manifest's text.
  },
  {
    files: ['src/bridge/**', 'src/api/schema/**', 'scripts/**'],
    rules: { 'no-console': 'off' }, // Programs for a terminal.
  },
  {
    files: ['src/ui/**', 'src/worker/**'],
    rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] },
  },
  {
    files: asynchronous,
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.page.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: ['src/ui/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: ['scripts/**/*.mjs', '*.mjs'],
    rules: {
      'no-restricted-syntax': ['error', noExportAll],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
)
