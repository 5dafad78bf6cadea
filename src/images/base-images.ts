import type { Image } from '../node/runtime/image.ts'
import { type Userland, withShell } from './shell/with-shell.ts'
import { hasTag, type TagRule } from './versions.ts'
import { rootHome } from '../shell/home.ts'

const releases: Readonly<Record<string, string>> = {
  busybox: '',
  alpine: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n',
  debian:
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION="13 (trixie)"\nID=debian\n',
  ubuntu: 'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
}

/** Files that every image of a distribution has. */
export function baseFiles(distribution: string): Readonly<Record<string, string>> {
  const release = releases[distribution] ?? ''
  return {
    '/etc/passwd': `root:x:0:0:root:${rootHome}:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
    '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
    ...(release !== '' && { '/etc/os-release': release }),
    [`${rootHome}/`]: '',
    '/tmp/': '',
    '/home/': '',
    '/dev/shm/': '',
    '/usr/bin/': '',
    '/bin/': '',
    '/var/log/': '',
  }
}

/** An image that has a shell and nothing else to run: its command is the shell. */
function baseImage(name: string, userland: Userland, shell: string, rule: TagRule, sizeBytes: number): Image {
  return {
    repository: `docker.io/library/${name}`,
    hasTag: tag => hasTag(rule, tag),
    sizeBytes,
    command: [shell],
    programs: withShell(userland),
    files: baseFiles(name),
  }
}

const busyboxTags: TagRule = {
  names: ['latest', 'stable', 'unstable', 'glibc', 'musl', 'uclibc', 'stable-glibc', 'stable-musl', 'stable-uclibc'],
  minors: { 1: [21, 37] },
  maxPatch: 4,
  variants: ['glibc', 'musl', 'uclibc'],
}
const alpineTags: TagRule = { names: ['latest', 'edge'], minors: { 2: [6, 7], 3: [1, 22] }, maxPatch: 12 }
const debianNames = ['bullseye', 'bookworm', 'trixie', 'sid', 'stable', 'testing', 'unstable', 'oldstable']
const debianTags: TagRule = {
  names: ['latest', 'stable-slim', ...debianNames, ...debianNames.map(name => `${name}-slim`)],
  minors: { 10: [0, 13], 11: [0, 11], 12: [0, 12], 13: [0, 1] },
  maxPatch: 0,
  variants: ['slim'],
}
const ubuntuNames = ['latest', 'rolling', 'focal', 'jammy', 'noble', '18.04', '20.04', '22.04', '24.04', '25.04']

/** Options alone are curl's; anything else is a command. */
const curlEntrypoint = '#!/bin/sh\nif [ "${1#-}" != "${1}" ]; then set -- curl "$@"; fi\nexec "$@"\n'

/** Images without a service of their own. Debian and Ubuntu lack curl, ps and ping, as in life. */
export const baseImages: readonly Image[] = [
  baseImage('busybox', 'busybox', 'sh', busyboxTags, 2_220_000),
  baseImage('alpine', 'alpine', '/bin/sh', alpineTags, 3_800_000),
  baseImage('debian', 'debian', 'bash', debianTags, 49_300_000),
  {
    ...baseImage('ubuntu', 'debian', '/bin/bash', debianTags, 29_700_000),
    hasTag: tag => ubuntuNames.includes(tag),
  },
  {
    repository: 'docker.io/curlimages/curl',
    hasTag: tag => tag === 'latest' || /^(7\.[6-9]\d|8\.\d{1,2})\.\d+$/.test(tag),
    sizeBytes: 9_200_000,
    user: 100,
    entrypoint: ['/entrypoint.sh'],
    command: ['curl'],
    programs: withShell('curl', {}, ['/entrypoint.sh']),
    files: { ...baseFiles('alpine'), '/entrypoint.sh': curlEntrypoint },
  },
]
