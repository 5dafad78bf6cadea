import { defineCommand, oneName } from '../../command.ts'
import { flag } from '../../flags.ts'
import { encodeBase64 } from '../../../../machinery/base64.ts'
import { withHash } from '../../kustomize/hash.ts'
import { readSources } from './file-sources.ts'
import { createGenerated, generatorFlags } from './generator.ts'

const control = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffd]/

export const createConfigMap = defineCommand({
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  flags: {
    ...generatorFlags,
    'from-file': flag.list(
      'Key file can be specified using its file path, in which case file basename will be used as configmap key.',
    ),
    'from-literal': flag.array('Specify a key and literal value to insert in configmap (i.e. mykey=somevalue)'),
    'from-env-file': flag.list('Specify the path to a file to read lines of key=val pairs to create a configmap.'),
    'append-hash': flag.bool('Append a hash of the configmap to its name.'),
  },
  run(context) {
    const name = oneName(context)
    const { flags, host } = context
    const data = readSources(host, {
      files: flags['from-file'],
      literals: flags['from-literal'],
      envFiles: flags['from-env-file'],
    })
    // Files are texts here, so what looks like no text is the only thing that can be told to be binary.
    const texts = [...data].filter(([, value]) => !value.includes('\ufffd'))
    const binary = [...data].filter(([, value]) => value.includes('\ufffd') && control.test(value))
    const object = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name },
      ...(texts.length > 0 && { data: Object.fromEntries(texts) }),
      ...(binary.length > 0 && {
        binaryData: Object.fromEntries(binary.map(([key, value]) => [key, encodeBase64(value)])),
      }),
    }
    const target = { group: '', version: 'v1', plural: 'configmaps', namespaced: true, called: 'configmap' }
    createGenerated(context, target, flags['append-hash'] ? withHash(object) : object)
  },
})
