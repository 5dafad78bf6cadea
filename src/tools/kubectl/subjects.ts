import type { Context } from './command.ts'

/** Whether a command line names anything: words, files or a kustomization. */
export function isGiven({ args, flags }: Context): boolean {
  return args.length > 0 || hasFiles({ flags })
}

/** Whether a command line names files or a kustomization. */
export function hasFiles({ flags }: Pick<Context, 'flags'>): boolean {
  const { filename, kustomize } = flags
  return (Array.isArray(filename) && filename.length > 0) || (typeof kustomize === 'string' && kustomize !== '')
}
