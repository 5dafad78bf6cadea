import type { Program } from './program.ts'

/** A container image: what a registry says of it and what its process does. One file an image in `images/`. */
export interface Image {
  /** Full repository, such as `docker.io/library/nginx` or `registry.k8s.io/pause`. */
  readonly repository: string
  /** Whether the registry has the tag. */
  hasTag(tag: string): boolean
  /** Compressed size in bytes: decides how long a pull takes and what `status.images` says. */
  readonly sizeBytes: number
  /** Size on disk, if it differs. */
  readonly unpackedBytes?: number
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly workingDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** Numeric user the image runs as; 0 (root) if left out. */
  readonly user?: number | string
  readonly exposedPorts?: readonly number[]
  readonly stopSignal?: string
  /** Programs by the path or name under which the image has them: what argv[0] finds. */
  readonly programs: Readonly<Record<string, Program>>
  /** Files the image holds, by absolute path. */
  readonly files?: Readonly<Record<string, string>>
}

/** What a registry answers to a pull. */
export type PullResult =
  | { readonly found: true; readonly image: Image; readonly tag: string; readonly digest: string }
  | { readonly found: false; readonly error: string }

/** All images that can be pulled. Handed to the runtime by `cluster`: the node folder knows no image. */
export interface ImageRegistry {
  /** Resolves a reference as it stands in a Pod (`nginx`, `nginx:1.15`, `ghcr.io/x/y@sha256:…`). */
  pull(reference: string): PullResult
}
