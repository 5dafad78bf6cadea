import type { RecordedOutput } from '../golden-kubectl.ts'

/** What an older kubectl prints otherwise than v1.36, and why. */
interface Difference {
  /** The minor version of the first kubectl that prints what v1.36 does; 99: no release does. */
  readonly since: number
  /** Command lines in which it shows. */
  readonly commands: RegExp
  /** Replaced in the outputs of both kubectls. Without it the command is not compared. */
  readonly texts?: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[]
  readonly reason: string
}

/** Where the real kubectl's version shows. In what is left over, both have to agree to the byte. */
const differences: readonly Difference[] = [
  {
    since: 99,
    commands: /^version(?! -o nosuch)/,
    reason: 'it says its own version, its build, and a warning when the server is too new for it',
  },
  {
    since: 99,
    commands: /./,
    texts: [
      [/^Error: /gm, 'error: '],
      [
        /^E\d{4} .*\] "command failed" err="((?:[^"\\]|\\.)*)"$/gm,
        (_, words = '') => `error: ${words.replace(/\\"/g, '"')}`,
      ],
      [/\n+$/, '\n'],
    ],
    reason: "gcloud's kubectl, which looks for the right one, hands mistakes in flags to klog instead of printing them",
  },
  {
    since: 36,
    commands: /^help|--help/,
    texts: [
      [/ This flag is beta and may change in the future\./g, ''],
      [/\(json, yaml, kyaml, name/g, '(json, yaml, name'],
      [/Experimental: /g, ''],
    ],
    reason: 'help called --chunk-size, --subresource and wait new, and knew no KYAML',
  },
  {
    since: 36,
    commands: /^describe/,
    texts: [[/^ *Kube-Proxy Version: *\n/gm, '']],
    reason: "describe printed a kube-proxy's version, which nodes do not report any more",
  },
  {
    since: 36,
    commands: /^describe (?:cj|cronjob|deploy,rs,sts,ds)/,
    texts: [[/^Time Zone: .*\n/gm, '']],
    reason: 'cron jobs were described without their time zone',
  },
  {
    since: 36,
    commands: /^scale .*--as/,
    reason: 'the refusal was wrapped: no objects passed to scale …',
  },
  {
    since: 36,
    commands: /^describe \S+ \S+ --as/,
    reason: 'that Events may not be listed was passed over in silence',
  },
  {
    since: 36,
    commands: /^top$/,
    reason: 'top has another description',
  },
  {
    since: 36,
    commands: /^wait(?: pod\/web)?$/,
    reason: '--for took one condition',
  },
  {
    since: 36,
    commands: /^rollout undo/,
    texts: [[/^Warning: resource .* instead\.\n/gm, '']],
    reason: 'it did not warn of what apply had written',
  },
  {
    since: 36,
    commands: /^drain/,
    texts: [[/cannot delete (?=cannot delete )/g, '']],
    reason: 'the refusal said cannot delete twice',
  },
  {
    since: 35,
    commands: /^describe/,
    texts: [
      [/^(?:Mountable secrets|Tokens): +<none>\n/gm, ''],
      [/spec\.(?:c|initC)ontainers\{[\w-]+\}: /g, ''],
    ],
    reason: 'accounts had lists of Secrets, Events did not say which container they are about',
  },
  {
    since: 35,
    commands: /^delete/,
    texts: [[/ from \S+ namespace/g, '']],
    reason: 'it did not say from which namespace something is deleted',
  },
  {
    since: 35,
    commands: /^(?:set|rollout history).*-o yaml/,
    texts: [[/^ *terminatingReplicas: 0\n/gm, '']],
    reason: 'Go types without status.terminatingReplicas',
  },
  {
    since: 36,
    commands: /^apply .*--dry-run=client/,
    reason: 'a dry run did not work out what would change',
  },
  {
    since: 35,
    commands: /^autoscale .*-o/,
    reason: 'there was only autoscaling/v1 and --cpu-percent',
  },
  {
    since: 35,
    commands: /^logs .* -c nosuch/,
    reason: 'it did not say which containers there are',
  },
  {
    since: 34,
    commands: /./,
    texts: [
      [/^ *(?:"creationTimestamp": null,|creationTimestamp: null)\n/gm, ''],
      [/,\n *"creationTimestamp": null$/gm, ''],
      [/,"creationTimestamp":null/g, ''],
      [/^( *metadata:) \{\}$/gm, '$1'],
    ],
    reason: 'a creation time that is not there was written as null (apimachinery: omitzero)',
  },
  {
    since: 34,
    commands: /^config view/,
    texts: [[/^ *"?preferences"?: \{\},?\n/gm, '']],
    reason: 'a kubeconfig always had preferences',
  },
  {
    since: 34,
    commands: /^(?:describe|rollout history)/,
    texts: [[/(?<=\d\/[A-Z]+) \([a-z][\w-]*\)(?=,|$)/gm, '']],
    reason: 'ports of containers were described without their names',
  },
  {
    since: 34,
    commands: /-o nosuch/,
    texts: [[/kyaml,/g, '']],
    reason: 'there was no KYAML',
  },
  {
    since: 33,
    commands: /^(?:events(?: -A| -n \S+)?$|get .*--sort-by=\.(?:metadata\.creationTimestamp|spec\.nodeName))/,
    reason: 'built with a Go whose sort breaks patterns by other numbers (sort, xorshift): equal ones land elsewhere',
  },
  {
    since: 33,
    commands: /^describe/,
    texts: [[/^( +)(?:ConfigMapOptional: {7}<nil>|Optional: {16}false)$/gm, '$1Optional']],
    reason: 'whether a projected ConfigMap is optional was printed as a pointer',
  },
  {
    since: 33,
    commands: /^describe (?:ds|deploy,rs,sts,ds)/,
    texts: [[/^(?:Name|Namespace|Selector|Node-Selector): .*\n/gm, '']],
    reason: 'a DaemonSet had no namespace',
  },
]

/** The reason why a kubectl of that minor version is not asked this. */
export function reasonToSkip(command: string, minor: number): string | undefined {
  return relevant(command, minor).find(({ texts }) => !texts)?.reason
}

/** An output without what shows the version of a kubectl of that minor version. */
export function withoutVersion(
  command: string,
  minor: number,
  { code, stdout, stderr }: RecordedOutput,
): RecordedOutput {
  const pairs = relevant(command, minor).flatMap(({ texts = [] }) => texts)
  const plain = (text: string): string =>
    pairs.reduce((from, [old, to]) => (typeof to === 'string' ? from.replace(old, to) : from.replace(old, to)), text)
  return { code, stdout: plain(stdout), stderr: plain(stderr) }
}

function relevant(command: string, minor: number): readonly Difference[] {
  return differences.filter(({ since, commands }) => minor < since && commands.test(command))
}
